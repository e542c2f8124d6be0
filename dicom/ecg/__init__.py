"""Electrocardiograms: reading and writing waveforms, lead quality, measurements and suspected findings.

Pure: numpy and pydicom datasets only. A machine's opinion stays an opinion here; only physicians confirm.
"""
