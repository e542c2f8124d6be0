"""Where pixels, waveforms and whole data sets are decoded: child processes with limits, `lutong decode`."""
