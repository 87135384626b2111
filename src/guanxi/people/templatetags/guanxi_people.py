"""Filters for pages about signing in."""

from django import template

from guanxi.people.signing_in.queries import device_of

register = template.Library()
register.filter("device", device_of)
