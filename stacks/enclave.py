"""One enclave: its stacks, directly under the App so that `--all` finds them, each handed what it builds on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from constructs import Construct

from stacks.access import Access
from stacks.archive import Archive
from stacks.foundation import Foundation
from stacks.hosting import Hosting
from stacks.inference import Inference
from stacks.network import Network

if TYPE_CHECKING:
    from infra.settings import Enclave as Settings


class Enclave(Construct):
    """The stacks of one enclave, in the order in which they build on each other."""

    def __init__(self, scope: Construct, id: str, *, settings: Settings) -> None:
        super().__init__(scope, id)
        self.archive = Archive(self, "Archive", settings=settings)
        self.foundation = Foundation(self, "Foundation", settings=settings, archive=self.archive)
        self.network = Network(self, "Network", settings=settings, foundation=self.foundation, archive=self.archive)
        self.inference = Inference(
            self,
            "Inference",
            settings=settings,
            foundation=self.foundation,
            network=self.network,
        )
        self.access = Access(
            self,
            "Access",
            settings=settings,
            archive=self.archive,
            foundation=self.foundation,
            inference=self.inference,
        )
        self.hosting = (
            Hosting(self, "Hosting", settings=settings, foundation=self.foundation, network=self.network)
            if settings.hosting
            else None
        )
