"""C2PA's Soft Binding Resolution API (OpenAPI 1.0.0) over HTTP, beside the gRPC service.

Whoever has a watermark's value, or a clip without its manifest, asks here which manifests belong to
it and fetches them. Off unless the setting `resolution_listen` names an address.
"""
