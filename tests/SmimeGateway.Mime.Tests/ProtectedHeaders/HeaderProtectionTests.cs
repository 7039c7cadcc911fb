using System.Buffers;
using System.Text;
using SmimeGateway.Mime.Hardening;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Tests.Corpus;

namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

public sealed class HeaderProtectionTests
{
    private const string ClearSigned =
        "Subject: secret plan\r\nKeywords: plan\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=s\r\n\r\n"
        + "--s\r\n{0}Content-Type: text/plain{1}\r\n\r\nbody\r\n--s\r\nContent-Type: application/pkcs7-signature\r\n\r\nAA==\r\n--s--\r\n";

    public static TheoryData<int> Examples => [.. Enumerable.Range(0, Rfc9788Examples.All.Count)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_encrypted_message_has_the_fields_of_the_RFC(int number)
    {
        var example = Rfc9788Examples.All[number];

        var split = HeaderProtection.ForEncrypted(ContentSplit.Split(example.Message("text/plain; charset=\"us-ascii\"", "body\r\n")), legacyDisplay: false);

        var payload = Payload(split);
        payload.Header.Where(field => !field.IsContentField).Select(field => field.ToString()).ShouldBe(
            ["MIME-Version: 1.0", .. example.Protected, .. example.Outside.Select(field => $"HP-Outer: {field}")]);
        split.OuterFields.Select(field => field.ToString()).ShouldBe(example.Outside);
        payload.ContentType.Parameters.Decoded.ShouldBe([new("hp", "cipher"), new("charset", "us-ascii")]);
        Text(payload.Body).ShouldBe("body\r\n");
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void A_signed_message_has_the_fields_of_the_RFC(int number)
    {
        var example = Rfc9788Examples.All[number];
        var plain = ContentSplit.Split(example.Message("text/plain; charset=\"us-ascii\"", "body\r\n"));

        var split = HeaderProtection.ForSigned(plain);

        var payload = Payload(split);
        payload.Header.Where(field => !field.IsContentField).Select(field => field.ToString()).ShouldBe(["MIME-Version: 1.0", .. example.Protected]);
        split.OuterFields.ShouldBe(plain.OuterFields);
        payload.ContentType.Parameter("hp").ShouldBe("clear");
        Text(payload.Body).ShouldBe("body\r\n");
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var message = Rfc9788Examples.Introduction.Message("text/plain", "body\r\n");

        HeaderProtection.TryRead(Payload(HeaderProtection.ForEncrypted(ContentSplit.Split(message), legacyDisplay: true)), out var header).ShouldBeTrue();

        header!.Value.ShouldBe(HeaderProtectionValue.Cipher);
        header.Fields.Where(header.IsConfidential).Select(field => field.Name).ShouldBe(["Subject", "Keywords"]);
    }

    [Fact]
    public void What_servers_wrote_on_the_way_gets_no_copy_and_their_signatures_are_gone_where_a_header_is_hidden()
    {
        string[] traces =
        [
            "Return-Path: <a@example.com>", "Delivered-To: b@example.com", "Received: by x", "Received-SPF: pass",
            "Authentication-Results: x; dkim=pass",
        ];
        string[] signatures =
        [
            "ARC-Seal: i=1", "ARC-Message-Signature: i=1; z=Subject:secret", "ARC-Authentication-Results: i=1",
            "DKIM-Signature: v=1; z=Subject:secret", "DomainKey-Signature: a=rsa-sha1",
        ];
        var split = ContentSplit.Split(Read.Message(string.Join("\r\n", [.. traces, .. signatures, "From: a@example.com", "X-Unheard-Of: y", "", "body"])));

        var encrypted = HeaderProtection.ForEncrypted(split, legacyDisplay: false);

        encrypted.OuterFields.Select(field => field.ToString()).ShouldBe([.. traces, "From: a@example.com"]);
        Names(encrypted.ContentFields).ShouldBe(["MIME-Version", "From", "X-Unheard-Of", "HP-Outer", "Content-Type"]);
        HeaderProtection.ForSigned(split).OuterFields.ShouldBe(split.OuterFields);
        Names(HeaderProtection.ForSigned(split).ContentFields).ShouldBe(["MIME-Version", "From", "X-Unheard-Of", "Content-Type"]);
    }

    [Fact]
    public void Blind_recipients_are_not_protected_but_gone()
    {
        var split = ContentSplit.Split(Read.Message("From: a@example.com\r\nBcc: hidden@example.com\r\nResent-Bcc: hidden@example.com\r\n\r\nbody"));

        Text(HeaderProtection.ForEncrypted(split, legacyDisplay: true).Content).ShouldNotContain("hidden");
        Text(HeaderProtection.ForSigned(split).Content).ShouldNotContain("hidden");
    }

    [Fact]
    public void A_message_without_a_subject_gets_none()
    {
        var split = HeaderProtection.ForEncrypted(ContentSplit.Split(Read.Message("From: a@example.com\r\n\r\nbody")), legacyDisplay: true);

        Names(split.OuterFields).ShouldBe(["From"]);
        Text(split.Body).ShouldBe("body");
    }

    [Fact]
    public void The_copy_of_the_subject_that_Exchange_makes_is_hidden_too()
    {
        var split = ContentSplit.Split(Read.Message("Subject: Re: secret plan\r\nThread-Topic: secret plan\r\n\r\nbody"));

        var encrypted = HeaderProtection.ForEncrypted(split, legacyDisplay: true);

        encrypted.OuterFields.Select(field => field.ToString()).ShouldBe(["Subject: [...]"]);
        Names(encrypted.ContentFields).ShouldBe(["MIME-Version", "Subject", "Thread-Topic", "HP-Outer", "Content-Type"]);
        Text(encrypted.Body).ShouldBe("Subject: Re: secret plan\r\n\r\nbody");
    }

    [Fact]
    public void A_payload_that_somebody_decrypted_is_protected_once()
    {
        var once = HeaderProtection.ForEncrypted(ContentSplit.Split(Rfc9788Examples.Introduction.Message("text/plain", "body\r\n")), legacyDisplay: true);

        var twice = HeaderProtection.ForEncrypted(ContentSplit.Split(Payload(once)), legacyDisplay: true);

        // Nobody here knows whether what the mark would hide is a display, so it is shown.
        Text(twice.Content).ShouldBe(Text(once.Content).Replace("body", "Subject: Handling the Jones contract\r\nKeywords: Contract, Urgent\r\n\r\nbody", StringComparison.Ordinal));
        twice.OuterFields.Select(field => field.ToString()).ShouldBe(Rfc9788Examples.Introduction.Outside);
    }

    [Fact]
    public void A_payload_that_somebody_decrypted_can_be_signed()
    {
        var encrypted = HeaderProtection.ForEncrypted(ContentSplit.Split(Rfc9788Examples.Introduction.Message("text/plain", "body\r\n")), legacyDisplay: false);

        var signed = HeaderProtection.ForSigned(ContentSplit.Split(Payload(encrypted)));

        signed.OuterFields.Select(field => field.ToString()).ShouldBe(Rfc9788Examples.Introduction.Protected);
        HeaderProtection.TryRead(Payload(signed), out var header).ShouldBeTrue();
        header!.Value.ShouldBe(HeaderProtectionValue.Clear);
        Names(signed.ContentFields).ShouldNotContain("HP-Outer");
    }

    [Theory]
    [InlineData("multipart/signed; protocol=\"application/pgp-signature\"; boundary=b")]
    [InlineData("multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b")]
    [InlineData("application/pkcs7-mime; smime-type=signed-data; name=smime.p7m")]
    [InlineData("application/x-pkcs7-mime; smime-type=enveloped-data")]
    [InlineData("multipart/signed; protocol=\"x-unheard-of\"; boundary=b")]
    public void A_layer_that_is_not_the_payload_becomes_part_of_one_to_the_octet(string contentType)
    {
        var split = ContentSplit.Split(Read.Message($"Subject: secret plan\r\nContent-Type: {contentType}\r\n\r\nbody"));

        foreach (var (shielded, outside) in new[]
        {
            (HeaderProtection.ForSigned(split), "Subject: secret plan"), (HeaderProtection.ForEncrypted(split, legacyDisplay: true), "Subject: [...]"),
        })
        {
            shielded.OuterFields.Single().ToString().ShouldBe(outside);
            var payload = Payload(shielded);
            HeaderProtection.TryRead(payload, out var header).ShouldBeTrue();
            header!.Fields.Single().ToString().ShouldBe("Subject: secret plan");
            Text(Read.Parts(payload).Single().Raw).ShouldBe(Text(split.Content));
        }
    }

    [Theory]
    [InlineData("Subject: secret plan\r\n", "; hp=clear", "Subject: [...] Keywords: plan")]
    [InlineData("Subject: secret plan\r\nKeywords: plan\r\n", "; hp=clear", "Subject: [...]")]
    [InlineData("", "; hp=clear", "Subject: secret plan Keywords: plan")]
    public void Encrypting_what_is_signed_hides_only_what_the_signed_part_tells(string inside, string parameter, string outside)
    {
        var split = ContentSplit.Split(Read.Message(ClearSigned.Replace("{0}", inside, StringComparison.Ordinal).Replace("{1}", parameter, StringComparison.Ordinal)));

        var encrypted = HeaderProtection.ForEncrypted(split, legacyDisplay: true);

        string.Join(' ', encrypted.OuterFields.Select(field => field.ToString())).ShouldBe(outside);
        Text(encrypted.Content).ShouldBe(Text(split.Content));
        HeaderProtection.ForSigned(split).ShouldBeSameAs(split);
    }

    [Fact]
    public void Copies_survive_transit_and_equal_what_they_say_of_the_outside()
    {
        var raw = "From: \"J\u00FCrgen\" <a@example.com>\r\nSubject: gr\u00FCn \r\nTo: " + string.Join(",", Enumerable.Repeat("b@example.com", 200))
            + "\r\nX-Blanks: a \r\nX-Long: " + new string('x', 990) + "\r\n\r\nbody\r\n";
        var split = ContentSplit.Split(Read.Message(Encoding.UTF8.GetBytes(raw)));

        var encrypted = HeaderProtection.ForEncrypted(split, legacyDisplay: false);

        var payload = Payload(encrypted);
        Hardening.TransitRules.Violations(encrypted.Content).ShouldBeEmpty();
        HeaderProtection.TryRead(payload, out var header).ShouldBeTrue();
        header!.Fields.Where(header.IsConfidential).Select(field => field.Name).ShouldBe(["Subject", "X-Blanks", "X-Long"]);
        header.Fields.Find("Subject")!.Text.ShouldBe("gr\u00FCn");
        header.Fields.Find("X-Long")!.Text.ShouldBe(new string('x', 990));
        AddressList.TryParse(header.Fields.Find("From")!.Body, out var from).ShouldBeTrue();
        from.Single().ShouldBe(new Mailbox("J\u00FCrgen", "a", "example.com"));
        encrypted.OuterFields[0].ShouldBeSameAs(split.OuterFields[0]);
    }

    [Fact]
    public void Addresses_that_are_not_ASCII_keep_their_only_form()
    {
        var split = ContentSplit.Split(Read.Message(Encoding.UTF8.GetBytes("From: <j\u00FCrgen@example.com> \r\n\r\nbody \r\n")));

        TransitHardening.TryHarden(HeaderProtection.ForEncrypted(split, legacyDisplay: false), MimeLimits.Standard, out var part, out _).ShouldBeTrue();

        HeaderProtection.TryRead(Read.Message(part.ToArray()), out var header).ShouldBeTrue();
        header!.Fields.Find("From")!.Body.ShouldBe("<j\u00FCrgen@example.com>");
        header.Outer.Find("From")!.Body.ShouldBe("<j\u00FCrgen@example.com>");
        Text(part).ShouldNotContain(" \r\n");
        Text(part).ShouldContain("\r\n\r\nbody \r\n".Replace(" ", "=20", StringComparison.Ordinal));
    }

    [Fact]
    public void A_protected_content_can_be_made_fit_for_a_clear_signature()
    {
        var split = ContentSplit.Split(Read.Message(Encoding.UTF8.GetBytes(
            "From: \"J\u00FCrgen\" <a@example.com>\r\nSubject: gr\u00FCn\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\ngr\u00FCn \r\n")));

        TransitHardening.TryHarden(HeaderProtection.ForSigned(split), MimeLimits.Standard, out var part, out _).ShouldBeTrue();

        Hardening.TransitRules.Violations(part).ShouldBeEmpty();
        var payload = Read.Message(part.ToArray());
        payload.ContentType.Parameter("hp").ShouldBe("clear");
        payload.Header.Find("Subject")!.Text.ShouldBe("gr\u00FCn");
        Read.Text(payload).ShouldBe("gr\u00FCn \r\n");
    }

    [Theory]
    [InlineData(6_000, 10, "the header section has more than 10000 fields")]
    [InlineData(900, 600, "the header section has more than 1048576 octets")]
    public void A_header_that_nobody_would_read_any_more_is_not_signed_clear(int fields, int length, string reason)
    {
        var split = ContentSplit.Split(Read.Message(string.Concat(Enumerable.Range(0, fields).Select(i => $"List-Post: {i}{new string('x', length)}\r\n")) + "\r\nbody"));

        TransitHardening.TryHarden(split, MimeLimits.Standard, out _, out _).ShouldBeTrue();
        TransitHardening.TryHarden(HeaderProtection.ForEncrypted(split, legacyDisplay: false), MimeLimits.Standard, out _, out var fault).ShouldBeFalse();

        fault!.Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(70)]
    [InlineData(982)]
    [InlineData(987)]
    [InlineData(992)]
    [InlineData(997)]
    public void A_line_that_is_just_short_enough_is_folded_in_HP_Outer(int length)
    {
        var value = "<" + string.Join(' ', Enumerable.Repeat("word", (length - 12) / 5)) + ">";
        var split = ContentSplit.Split(Read.Message($"Message-ID: {value}\r\n\r\nbody"));

        var encrypted = HeaderProtection.ForEncrypted(split, legacyDisplay: false);

        var lines = Text(encrypted.Content).Split("\r\n");
        lines.ShouldAllBe(line => line.Length <= 998);
        lines[2].ShouldStartWith(length > 66 ? "HP-Outer:" : "HP-Outer: Message-ID: <word");
        HeaderProtection.TryRead(Payload(encrypted), out var header).ShouldBeTrue();
        header!.Outer.Single().Body.ShouldBe(value);
    }

    private static Entity Payload(SplitMessage split) => Read.Message(split.Content.ToArray());

    private static IEnumerable<string> Names(IReadOnlyList<HeaderField> fields) => fields.Select(field => field.Name);

    private static string Text(ReadOnlySequence<byte> octets) => Encoding.Latin1.GetString(octets.ToArray());

    private static string Text(ReadOnlyMemory<byte> octets) => Encoding.Latin1.GetString(octets.Span);
}
