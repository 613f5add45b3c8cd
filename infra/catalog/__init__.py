"""Facts about AWS, vendors, authorities and NIST ids: frozen values from data files with source and date."""

from infra.catalog.endpoints import EndpointService, endpoint_services
from infra.catalog.guardrails import STRENGTHS, RequiredTopic, Strengths, image_filters, required_topics, strengths
from infra.catalog.instances import LocalStorage, hosting_instance_types, local_storage
from infra.catalog.partitions import Lack, Partition, Region, partition, partitions, region, regions
from infra.catalog.planes import Namespace, Plane, namespaces, planes
from infra.catalog.references import Authority, NistControl, authorities, nist, nist_controls
from infra.catalog.source import Source
from infra.catalog.vendors import Model, Routing, Vendor, model, models, routings, vendors

__all__ = [
    "STRENGTHS",
    "Authority",
    "EndpointService",
    "Lack",
    "LocalStorage",
    "Model",
    "Namespace",
    "NistControl",
    "Partition",
    "Plane",
    "Region",
    "RequiredTopic",
    "Routing",
    "Source",
    "Strengths",
    "Vendor",
    "authorities",
    "endpoint_services",
    "hosting_instance_types",
    "image_filters",
    "local_storage",
    "model",
    "models",
    "namespaces",
    "nist",
    "nist_controls",
    "partition",
    "partitions",
    "planes",
    "region",
    "regions",
    "required_topics",
    "routings",
    "strengths",
    "vendors",
]
