using System.Buffers;
using System.Text;
using SmimeGateway.Mime;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.ProtectedForms;
using SmimeGateway.Mime.ProtectedHeaders;

namespace SmimeGateway.Fuzz;

/// <summary>What must hold for any bytes at all that are read as a message.</summary>
internal static class MimeInvariants
{
    private static readonly MimeLimits Boundless = new(1_000, int.MaxValue, int.MaxValue / 100, int.MaxValue);

    /// <summary>Reads everything there is to read, hardens and signs; faults are answers, exceptions and broken promises are not.</summary>
    public static void Check(byte[] bytes)
    {
        if (!Entity.TryParse(bytes, MimeLimits.Standard, out var message, out _))
        {
            return;
        }

        ReadFields(message);
        ProtectionRecognizer.Recognize(message);
        MultipartSigned.TryRead(message, out _, out _, out _);
        Pkcs7Mime.TryRead(message, out _, out _);
        ReadWhole(message);
        var split = ContentSplit.Split(message);
        if (!TransitHardening.TryHarden(split, MimeLimits.Standard, out var part, out var fault))
        {
            fault.Reason.ShouldNotBeEmpty();
            return;
        }

        var hardened = part.ToArray();
        CheckLines(hardened);
        Leaves(hardened).ShouldBe(Leaves(split.Content.ToArray()));
        CheckSignedPart(split, part, hardened);
        CheckProtectedHeader(split);
    }

    // What is one object as a whole is read as one by those who look at its parts too.
    private static void ReadWhole(Entity message)
    {
        WholeBody.IsPgpEncryptedText(message, out _);
        WholeBody.IsPgpSignedText(message, out _);
        if (WholeBody.TryReadCms(message, out var cms, out _))
        {
            message.DecodeBody().ShouldBe(cms.ToArray());
        }

        if (WholeBody.TryReadSigned(message, out var part, out var signature, out _))
        {
            MultipartSigned.TryRead(message, out var samePart, out var sameSignature, out _).ShouldBeTrue();
            samePart.ShouldBe(part);
            sameSignature!.ShouldBe(signature.ToArray());
        }

        if (WholeBody.IsPgpEncrypted(message, out _))
        {
            message.TryGetParts(out var parts, out _).ShouldBeTrue();
            parts!.Count.ShouldBe(2);
        }
    }

    // Whatever came in, the header is protected and nothing it hides is outside. Copies take room, so the result is read without bounds.
    // A content that was clear-signed with a header of its own keeps that one.
    private static void CheckProtectedHeader(SplitMessage split)
    {
        var shielded = HeaderProtection.ForEncrypted(split, legacyDisplay: true);
        if (shielded.ContentFields == split.ContentFields)
        {
            return;
        }

        shielded.OuterFields.ShouldAllBe(field => !IsHidden(field) && (!field.Is("Subject") || field.Body == "[...]"));
        Entity.TryParse(shielded.Content.ToArray(), Boundless, out var payload, out var fault).ShouldBeTrue(fault?.Reason);
        HeaderProtection.TryRead(payload!, out var header).ShouldBeTrue();
        header!.Fields.FindAll("Subject").Count().ShouldBe(split.OuterFields.Count(field => field.Is("Subject")));

        // A subject that only fills in for one that was never written has nothing inside to be compared with.
        header.Outer.Count.ShouldBe(shielded.OuterFields.Count(field => header.Fields.Find(field.Name) is not null));
    }

    private static bool IsHidden(HeaderField field) => field.Is("Keywords") || field.Is("Comments") || field.Is("Thread-Topic");

    private static void ReadFields(Entity message)
    {
        foreach (var field in message.Header)
        {
            field.Body.Length.ShouldBeLessThanOrEqualTo(field.Raw.Length);
            field.Text.ShouldNotBeNull();
            if (AddressList.TryParse(field.Body, out var mailboxes))
            {
                mailboxes.ShouldAllBe(mailbox => mailbox.LocalPart.All(character => !char.IsControl(character) || character == '\t'));
            }

            if (ContentType.TryParse(field.Body, out var contentType))
            {
                (contentType.Parameter("name") ?? string.Empty).Length.ShouldBeLessThanOrEqualTo(field.Raw.Length);
            }
        }
    }

    private static void CheckLines(byte[] hardened)
    {
        foreach (var line in Encoding.Latin1.GetString(hardened).Split("\r\n"))
        {
            var isSafe = line.Length <= 998
                && !line.EndsWith(' ')
                && !line.EndsWith('\t')
                && !line.StartsWith("From ", StringComparison.Ordinal)
                && line.All(character => character is not ('\0' or '\r' or '\n' or > '\u007F'));
            isSafe.ShouldBeTrue(line.Length > 200 ? line[..200] : line);
        }
    }

    private static void CheckSignedPart(SplitMessage split, ReadOnlySequence<byte> part, byte[] hardened)
    {
        var composed = MultipartSigned.Compose(split.OuterFields, part, "sha-256", [1]);

        Entity.TryParse(composed, MimeLimits.Standard, out var signed, out _).ShouldBeTrue();
        MultipartSigned.TryRead(signed!, out var signedPart, out _, out var fault).ShouldBeTrue(fault?.Reason);
        signedPart.Span.SequenceEqual(hardened).ShouldBeTrue();
    }

    private static List<string> Leaves(byte[] content)
    {
        Entity.TryParse(content, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        var leaves = new List<string>();
        Collect(entity!, "1", leaves);
        return leaves;
    }

    private static void Collect(Entity entity, string place, List<string> leaves)
    {
        if (!entity.TryGetParts(out var parts, out var fault))
        {
            // What needs no hardening is never taken apart, so a limit may show only here, and then on both sides.
            leaves.Add($"{place} {fault.Reason}");
            return;
        }

        if (parts.Count == 0)
        {
            leaves.Add($"{place} {Convert.ToHexString(DecodedOf(entity))}");
        }

        for (var i = 0; i < parts.Count; i++)
        {
            Collect(parts[i], $"{place}.{i + 1}", leaves);
        }
    }

    // Parts that are nothing but fields lose blanks at the ends of their lines.
    private static byte[] DecodedOf(Entity entity) => entity.ContentType is { Type: "message" } or { MediaType: "text/rfc822-headers" }
        ? Encoding.Latin1.GetBytes(string.Join("\r\n", Encoding.Latin1.GetString(entity.DecodeBody()).Split("\r\n").Select(line => line.TrimEnd(' ', '\t'))))
        : entity.DecodeBody();
}
