"""Pure builders of PDF and DICOM documents from what was decided."""
