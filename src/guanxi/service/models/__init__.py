"""What service keeps."""

from guanxi.service.models.case import Case, CaseLink, CaseStep, CaseTag
from guanxi.service.models.settings import CaseCategory, Checklist

__all__ = ["Case", "CaseCategory", "CaseLink", "CaseStep", "CaseTag", "Checklist"]
