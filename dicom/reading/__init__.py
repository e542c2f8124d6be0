"""The two life cycles of reading: the order's table, the report's table, and what a person may do now."""

from dicom.reading.commands import Command, order_commands, report_commands
from dicom.reading.order_cycle import ORDER_TABLE, Fact, decide, legal
from dicom.reading.report_cycle import REPORT_TABLE, ReportFact, decide_report, report_legal

__all__ = [
    "ORDER_TABLE",
    "REPORT_TABLE",
    "Command",
    "Fact",
    "ReportFact",
    "decide",
    "decide_report",
    "legal",
    "order_commands",
    "report_commands",
    "report_legal",
]
