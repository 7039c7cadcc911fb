using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>Judges what opening a PKCS #12 file (RFC 7292) would cost, before its password is tried.</summary>
internal static class Pkcs12Cost
{
    /// <summary>Each encrypted part costs a derivation; programs write one or two.</summary>
    private const int MaxEncryptedParts = 20;

    private const string EncryptedPart = "1.2.840.113549.1.7.6";

    /// <summary>True when the password can be tried in a bounded time.</summary>
    public static bool IsAffordable(ReadOnlyMemory<byte> file, [NotNullWhen(false)] out string? reason)
    {
        try
        {
            var pfx = new AsnReader(file, AsnEncodingRules.BER).ReadSequence();
            _ = pfx.ReadIntegerBytes();
            var parts = pfx.ReadSequence();
            _ = parts.ReadObjectIdentifier();
            var content = parts.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0));
            return IsMacAffordable(pfx, out reason)
                && ArePartsAffordable(new AsnReader(content.ReadOctetString(), AsnEncodingRules.BER).ReadSequence(), out reason);
        }
        catch (AsnContentException)
        {
            reason = "it is no PKCS #12 file, or only a part of one";
            return false;
        }
    }

    private static bool IsMacAffordable(AsnReader pfx, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        if (!pfx.HasData)
        {
            return true;
        }

        var mac = pfx.ReadSequence();
        var algorithm = mac.ReadSequence().ReadSequence();
        if (algorithm.ReadObjectIdentifier() == "1.2.840.113549.1.5.14")
        {
            reason = "its password check (PBMAC1) is not supported";
            return false;
        }

        _ = mac.ReadOctetString();

        // Absent means one iteration.
        return !mac.HasData || PasswordDerivation.IsAffordableNumber(mac.ReadIntegerBytes(), out reason);
    }

    private static bool ArePartsAffordable(AsnReader parts, [NotNullWhen(false)] out string? reason)
    {
        var encrypted = 0;
        while (parts.HasData)
        {
            var part = parts.ReadSequence();
            if (part.ReadObjectIdentifier() != EncryptedPart)
            {
                continue;
            }

            if (++encrypted > MaxEncryptedParts)
            {
                reason = $"it has more than {MaxEncryptedParts} encrypted parts";
                return false;
            }

            var content = part.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadSequence();
            _ = content.ReadIntegerBytes();
            var info = content.ReadSequence();
            _ = info.ReadObjectIdentifier();
            if (!PasswordDerivation.IsAffordable(info, out reason))
            {
                return false;
            }
        }

        reason = null;
        return true;
    }
}
