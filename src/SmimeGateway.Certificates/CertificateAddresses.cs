using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;

namespace SmimeGateway.Certificates;

/// <summary>Finds the mail addresses in a certificate: RFC 5280, sections 4.1.2.6 and 4.2.1.6, and RFC 8398.</summary>
internal static class CertificateAddresses
{
    /// <summary>Nobody has more; a certificate with thousands of names is made to slow its readers down.</summary>
    private const int MaxNames = 1000;

    private const string SmtpUtf8Mailbox = "1.3.6.1.5.5.7.8.9";
    private const string EmailAddress = "1.2.840.113549.1.9.1";

    private static readonly Asn1Tag OtherName = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Rfc822Name = new(TagClass.ContextSpecific, 1);

    /// <summary>Reads the addresses as they stand and as they are compared; a text that is no plausible mailbox is left out.</summary>
    public static bool TryRead(
        byte[]? alternativeName, byte[] subject, out IReadOnlyList<string> addresses, out string[] keys, [NotNullWhen(false)] out string? fault)
    {
        var found = new List<string>();
        var foundKeys = new List<string>();
        addresses = found;
        keys = [];
        fault = null;
        try
        {
            if (alternativeName is not null)
            {
                ReadAlternativeName(alternativeName, found);
            }

            ReadSubject(subject, found);
        }
        catch (AsnContentException)
        {
            fault = "its names cannot be read";
            return false;
        }

        if (found.Count > MaxNames)
        {
            fault = $"it holds more than {MaxNames} names";
            return false;
        }

        Reduce(found, foundKeys);
        keys = [.. foundKeys];
        return true;
    }

    private static void Reduce(List<string> found, List<string> keys)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        found.RemoveAll(address =>
        {
            if (!MailboxName.TryNormalize(address, out var key) || !seen.Add(key))
            {
                return true;
            }

            keys.Add(key);
            return false;
        });
    }

    private static void ReadAlternativeName(byte[] extension, List<string> found)
    {
        var names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData && found.Count <= MaxNames)
        {
            var tag = names.PeekTag();
            if (tag.HasSameClassAndValue(Rfc822Name))
            {
                Add(found, () => names.ReadCharacterString(UniversalTagNumber.IA5String, Rfc822Name), () => names.ReadEncodedValue());
            }
            else if (tag.HasSameClassAndValue(OtherName))
            {
                ReadOtherName(names.ReadSequence(OtherName), found);
            }
            else
            {
                names.ReadEncodedValue();
            }
        }
    }

    private static void ReadOtherName(AsnReader name, List<string> found)
    {
        if (name.ReadObjectIdentifier() == SmtpUtf8Mailbox)
        {
            var value = name.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0));

            // RFC 8398 asks for UTF8String; certificates with IA5String exist and mean the same.
            AddString(value, found);
        }
    }

    private static void ReadSubject(byte[] subject, List<string> found)
    {
        // A directory name is written by many hands, so BER and sets in any order are taken.
        var names = new AsnReader(subject, AsnEncodingRules.BER).ReadSequence();
        while (names.HasData && found.Count <= MaxNames)
        {
            var attributes = names.ReadSetOf(skipSortOrderValidation: true);
            while (attributes.HasData)
            {
                var attribute = attributes.ReadSequence();
                if (attribute.ReadObjectIdentifier() == EmailAddress)
                {
                    AddString(attribute, found);
                }
            }
        }
    }

    private static void AddString(AsnReader reader, List<string> found)
    {
        var tag = reader.PeekTag();
        var kind = (UniversalTagNumber)tag.TagValue;
        if (tag.TagClass == TagClass.Universal
            && kind is UniversalTagNumber.UTF8String or UniversalTagNumber.IA5String or UniversalTagNumber.PrintableString
                or UniversalTagNumber.T61String or UniversalTagNumber.BMPString)
        {
            Add(found, () => reader.ReadCharacterString(kind), () => reader.ReadEncodedValue());
        }
    }

    // A text with characters that its type forbids names nobody, but the other names of the certificate remain good.
    private static void Add(List<string> found, Func<string> read, Action skip)
    {
        try
        {
            found.Add(read());
        }
        catch (AsnContentException)
        {
            skip();
        }
    }
}
