"""The attestation: what a reviewer agrees to when she approves. A wording that was signed never changes; a new one is a
new version."""

from __future__ import annotations

ATTESTATIONS: dict[str, str] = {
    "1": (
        "I have read the record supplied for this review. The determinations and the reasons in this letter are my own "
        "medical judgment on this worker's record; no program chose them. I hold the license and specialty printed "
        "here, I am in active practice, and I have no professional, family or financial tie to a party to this dispute."
    ),
}
CURRENT_ATTESTATION = "1"
