"""What the demo company registers on the floors below it."""

from guanxi.demo.home import demo_panel
from guanxi.ui import home

home.register_panel("demo", demo_panel, order=90, permission=("customer", "view"))
