"""Recording without transcoding: frames as they came, one WebM a track, encrypted cluster by cluster."""
