using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using SmimeGateway.Cms;
using SmimeGateway.Mime;
using SmimeGateway.Mime.ProtectedForms;

namespace SmimeGateway.Opening;

/// <summary>A signature with the content it is for.</summary>
/// <param name="Signature">The CMS object.</param>
/// <param name="Content">The content, inside the object or beside it.</param>
internal sealed record SignedContent(SignedData Signature, ReadOnlySequence<byte> Content)
{
    /// <summary>Programs of the days before MIME were told in a line what the message is; longer than a line is a text of its own.</summary>
    private const int MaxNotice = 100;

    /// <summary>What stands beside the content and is not signed, in words.</summary>
    public IReadOnlyList<string> Beside { get; private init; } = [];

    /// <summary>Takes a clear or opaque signed entity apart.</summary>
    public static bool TryRead(
        ExistingProtection form, Entity entity, [NotNullWhen(true)] out SignedContent? signed, [NotNullWhen(false)] out string? reason)
    {
        signed = null;
        if (form != ExistingProtection.ClearSigned)
        {
            if (Pkcs7Mime.TryRead(entity, out var cms, out var unreadable))
            {
                return TryRead(cms, out signed, out reason);
            }

            reason = unreadable.Reason;
            return false;
        }

        if (!MultipartSigned.TryRead(entity, out var part, out var detached, out var fault))
        {
            reason = fault.Reason;
            return false;
        }

        if (!TryRead(detached, new ReadOnlySequence<byte>(part), out signed, out reason))
        {
            return false;
        }

        signed = signed with { Beside = [.. FindBeside(entity)] };
        return true;
    }

    /// <summary>Takes an opaque signed object apart.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> cms, [NotNullWhen(true)] out SignedContent? signed, [NotNullWhen(false)] out string? reason)
    {
        if (!TryRead(cms, detached: null, out signed, out reason))
        {
            return false;
        }

        // Some programs fill up with zeros.
        if (cms.Span[signed.Signature.EncodedLength..].ContainsAnyExcept((byte)0))
        {
            signed = signed with { Beside = ["something follows behind the signed object, and nobody signed it"] };
        }

        return true;
    }

    private static bool TryRead(
        ReadOnlyMemory<byte> cms, ReadOnlySequence<byte>? detached, [NotNullWhen(true)] out SignedContent? signed, [NotNullWhen(false)] out string? reason)
    {
        signed = null;
        if (!SignedData.TryRead(cms, out var signature, out var unreadable))
        {
            reason = unreadable.Reason;
            return false;
        }

        if ((detached ?? signature.Content) is not { } content)
        {
            reason = "the signature comes without the content it is for";
            return false;
        }

        reason = null;
        signed = new SignedContent(signature, content);
        return true;
    }

    private static IEnumerable<string> FindBeside(Entity entity)
    {
        var preamble = entity.Preamble.Span.Trim(" \t\r\n"u8);
        if (preamble.Length > MaxNotice || preamble.ContainsAny((byte)'\r', (byte)'\n'))
        {
            yield return "text stands before the parts of the multipart/signed, and nobody signed it";
        }

        if (!entity.Epilogue.Span.Trim(" \t\r\n"u8).IsEmpty)
        {
            yield return "text follows behind the multipart/signed, and nobody signed it";
        }
    }
}
