"""The register of what people ask about their data: recorded, put off, acted on, settled, each in time."""
