using System.Buffers;
using SmimeGateway.Cms;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Deciding;

/// <summary>
/// What programs find in a message besides itself and may show in its place: what is inside the layers of signing and compressing it
/// arrives with (RFC 9787 section 4.2), and a message that is all of it (RFC 8551 section 3.1). All ways of reading its structure are gone.
/// </summary>
internal sealed class InnerLayers
{
    // More layers than RFC 2634 knows, and than any program peels off.
    private const int MaxLayers = 8;

    // Of every reading of every layer.
    private const int MaxEntities = 32;

    // Of all readings together, besides what came: each of them may be unpacked anew, and all are kept until they are judged.
    private const long MaxUnpackedOctets = 16 * 1024 * 1024;

    private readonly List<Entity> _found = [];
    private long _octets;

    private InnerLayers(long octets)
    {
        _octets = octets;
    }

    /// <summary>The entities that may be shown in place of the message; none where it has no layers.</summary>
    public IReadOnlyList<Entity> Found => _found;

    /// <summary>Whether there is a layer that cannot be looked through, as it is encrypted or broken.</summary>
    public bool IsSealed { get; private set; }

    /// <summary>Whether programs may find different things inside, and not all of them are known.</summary>
    public bool IsUncertain { get; private set; }

    /// <summary>Looks through a message that is to be protected.</summary>
    public static InnerLayers Of(Entity message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var layers = new InnerLayers(message.Raw.Length + MaxUnpackedOctets);
        var readings = StructureReadings.OfMessage(message);

        // Only what everybody takes for a message becomes an attachment when it is signed.
        layers.Follow(readings, depth: 0, mayBeAttached: readings is [_]);
        return layers;
    }

    private void Follow(IReadOnlyList<Entity>? readings, int depth, bool mayBeAttached)
    {
        IsUncertain |= readings is null;
        foreach (var reading in readings ?? [])
        {
            if (reading.ContentType.MediaType == "multipart/encrypted")
            {
                IsSealed = true;
            }
            else if (reading.ContentType.MediaType == "multipart/signed")
            {
                if (reading.TryGetParts(out var signed, out _) && signed.Count > 0)
                {
                    Enter(signed[0], depth);
                }
                else
                {
                    IsSealed = true;
                }
            }
            else if (Pkcs7Mime.TryReadWhole(reading, out var cms) || Pkcs7Mime.TryReadUnnamed(reading, out cms))
            {
                if (Unwrap(cms) is { } content && Entity.TryParse(content, MimeLimits.Standard, out var inner, out _))
                {
                    Enter(inner, depth);
                }
                else
                {
                    IsSealed = true;
                }
            }
            else if (Pkcs7Mime.Is(reading))
            {
                IsSealed = true;
            }
            else if ((reading.IsMultipart || (reading.IsMessage && !mayBeAttached))
                && reading.TryGetParts(out var parts, out _)
                && parts is [var only])
            {
                Enter(only, depth, mayBeAttached: reading.IsMultipart);
            }
        }
    }

    private void Enter(Entity entity, int depth, bool mayBeAttached = false)
    {
        if (depth == MaxLayers - 1 || _found.Count == MaxEntities)
        {
            IsSealed = true;
            return;
        }

        _found.Add(entity);
        Follow(StructureReadings.OfPart(entity), depth + 1, mayBeAttached);
    }

    private ReadOnlyMemory<byte>? Unwrap(ReadOnlyMemory<byte> cms)
    {
        if (_found.Count == MaxEntities)
        {
            return null;
        }

        if (SignedData.TryRead(cms, out var signed, out _))
        {
            return signed.Content is not { } content ? null
                : content.IsSingleSegment ? content.First
                : TryCount(content.Length) ? content.ToArray()
                : null;
        }

        if (CompressedData.TryDecompress(cms, (int)Math.Clamp(_octets, 0, int.MaxValue), out var inflated, out _) && TryCount(inflated.Length))
        {
            return inflated;
        }

        // What could not be inflated is not tried as many times as it can be read.
        _octets = 0;
        return null;
    }

    private bool TryCount(long octets)
    {
        _octets -= octets;
        return _octets >= 0;
    }
}
