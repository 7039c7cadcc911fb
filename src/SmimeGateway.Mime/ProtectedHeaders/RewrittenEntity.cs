using System.Buffers;

namespace SmimeGateway.Mime.ProtectedHeaders;

/// <summary>An entity with another header and body than it came with.</summary>
internal sealed record RewrittenEntity(IReadOnlyList<HeaderField> Fields, ReadOnlySequence<byte> Body);
