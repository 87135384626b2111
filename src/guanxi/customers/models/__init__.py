"""Models of the customer archive."""

from guanxi.customers.models.consent import Consent, Notice, Purpose
from guanxi.customers.models.core_card import CoreCard, CoreCardReading
from guanxi.customers.models.customer import ContactPoint, Customer, CustomerTag, ExternalId, Tag
from guanxi.customers.models.data_request import DataRequest
from guanxi.customers.models.duplicates import DuplicateDecision, DuplicatePair, DuplicateScan, ScanState
from guanxi.customers.models.merge import Merge, MergedRow
from guanxi.customers.models.organisation import OrganisationProfile
from guanxi.customers.models.person import InternalProfile, PersonProfile
from guanxi.customers.models.privacy import (
    ErasedIdentifier,
    Erasure,
    Hold,
    LegalParameter,
    Pack,
)
from guanxi.customers.models.relation import Relation
from guanxi.customers.models.retention import RetentionRule, RetentionRun
from guanxi.customers.models.standing import Standing, StandingChange
from guanxi.customers.models.visit import Note, VisitRecord

__all__ = [
    "Consent",
    "ContactPoint",
    "CoreCard",
    "CoreCardReading",
    "Customer",
    "CustomerTag",
    "DataRequest",
    "DuplicateDecision",
    "DuplicatePair",
    "DuplicateScan",
    "ErasedIdentifier",
    "Erasure",
    "ExternalId",
    "Hold",
    "InternalProfile",
    "LegalParameter",
    "Merge",
    "MergedRow",
    "Note",
    "Notice",
    "OrganisationProfile",
    "Pack",
    "PersonProfile",
    "Purpose",
    "Relation",
    "RetentionRule",
    "RetentionRun",
    "ScanState",
    "Standing",
    "StandingChange",
    "Tag",
    "VisitRecord",
]
