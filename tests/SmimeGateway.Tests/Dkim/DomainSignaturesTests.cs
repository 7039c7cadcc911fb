using SmimeGateway.Certificates.Dkim;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Mime.Dkim;
using SmimeGateway.Protecting;
using SmimeGateway.Protecting.Dkim;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Dkim;

/// <summary>What leaves with which signature, judged by others.</summary>
public sealed class DomainSignaturesTests
{
    [Theory]
    [InlineData("bob@clear.example", Protection.ClearSigned)]
    [InlineData("bob@opaque.example", Protection.OpaqueSigned)]
    [InlineData("bob@encrypted.example", Protection.Encrypted)]
    [InlineData("bob@both.example", Protection.SignedAndEncrypted)]
    [InlineData("bob@triple.example", Protection.TripleWrapped)]
    [InlineData("bob@hidden.example", Protection.SignedAndEncrypted)]
    [InlineData("bob@clear.example carol@clear.example", Protection.ClearSigned)]
    public async Task Every_kind_of_protected_mail_verifies_by_two_keys_with_two_judges(string recipients, Protection protection)
    {
        await using var bed = new DkimBed(DkimBed.Entry(), DkimBed.Entry(selector: "ed"));

        var message = await bed.LeavesAsync(DkimBed.Mail(body: "trailing \r\nFrom here\r\n\r\n\r\n"), recipients);

        message.Protection.ShouldBe(protection);
        message.SigningDomains.ShouldBe(["example.com (rsa)", "example.com (ed)"]);
        await bed.ShouldVerifyAsync(2, message.Content.ToArray());
        bed.Counters.MessagesDomainSigned.ShouldBe(1);
        bed.Log.Lines.ShouldContain(line => line.StartsWith("Debug S1 signed by example.com, selector ed, ed25519-sha256, fields From:From:Subject:", StringComparison.Ordinal));
        bed.Log.Lines.ShouldContain(line => line.Contains("DKIM of example.com (rsa), example.com (ed)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_version_has_a_signature_of_its_own_also_where_they_are_laid_down()
    {
        DkimOptions[] entries = [DkimBed.Entry()];
        await using var queue = new Queueing.QueueBed();
        await using var inMemory = new DkimBed(entries, queue: null);
        await using var laidDown = new DkimBed(entries, queue.Queue, memory: 1000);
        const string Recipients = "bob@both.example dave@both.example carol@both.example";
        var mail = DkimBed.Mail().Replace("To: bob@clear.example", "To: bob@both.example", StringComparison.Ordinal);

        (await inMemory.SendAsync(mail, Recipients)).Reply.Code.ShouldBe(250);
        (await laidDown.SendAsync(mail, Recipients)).Reply.Code.ShouldBe(250);

        inMemory.Queue.Collected.Count.ShouldBe(3);
        await inMemory.ShouldVerifyAsync(1, [.. inMemory.Queue.Collected.Select(message => message.Content.ToArray())]);
        queue.Disk.List().Count(name => name.EndsWith(".message", StringComparison.Ordinal)).ShouldBe(3);
        await laidDown.ShouldVerifyAsync(1, [.. (await Queueing.Mail.DrainAsync(queue.Queue)).Select(message => message.Content.Read().ToArray())]);
        laidDown.Counters.MessagesDomainSigned.ShouldBe(3);
    }

    [Theory]
    [InlineData("bob@other.example")]
    [InlineData("bob@unsigned.example")]
    public async Task What_passes_is_signed_only_where_an_entry_wants_all_mail(string recipient)
    {
        await using var changed = new DkimBed(DkimBed.Entry());
        await using var all = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All }, DkimBed.Entry(selector: "ed"));
        var mail = DkimBed.Mail(fields: "Bcc: dave@other.example\r\nX-Odd :  blanks \r\n");

        var passed = await changed.LeavesAsync(mail, recipient);
        var signed = await all.LeavesAsync(mail, recipient);

        passed.SigningDomains.ShouldBeNull();
        System.Text.Encoding.ASCII.GetString(passed.Content.Span).ShouldBe(mail);
        changed.Log.Lines.ShouldContain(line => line.Contains("no domain signs it: it leaves as it came", StringComparison.Ordinal));
        signed.SigningDomains.ShouldBe(["example.com (rsa)"]);
        signed.Content.Span.EndsWith(System.Text.Encoding.ASCII.GetBytes(mail)).ShouldBeTrue("nothing but the signature is new");
        (await DkimJudges.MimeKitAsync(all.Records, signed.Content.ToArray())).ShouldBe(["good"]);
    }

    [Fact]
    public async Task Nothing_of_what_is_hidden_or_blind_is_in_a_signature()
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All, Oversign = ["Subject"] });
        var mail = DkimBed.Mail(fields: "Bcc: dave@hidden.example\r\nComments: the comment\r\n").Replace("Subject: hello", "Subject: the secret", StringComparison.Ordinal);

        foreach (var recipient in new[] { "bob@hidden.example", "bob@other.example", "bob@clear.example" })
        {
            var message = DkimBed.Read((await bed.LeavesAsync(mail, recipient)).Content);

            DkimSignature.TryRead(message.Header[0], out var signature).ShouldBeTrue();
            signature.Names.ShouldNotContain("Bcc", StringComparer.OrdinalIgnoreCase);
            signature.Names.Count(name => name == "Subject").ShouldBe(2);
            signature.Field.Body.ShouldNotContain("z=");
            signature.Field.Body.ShouldNotContain("secret");
        }
    }

    [Fact]
    public async Task What_is_sealed_until_there_is_a_certificate_has_no_signature_and_opens()
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All });

        var message = await bed.LeavesAsync(DkimBed.Mail(), "nobody@held.example");

        message.Protection.ShouldBe(Protection.Held);
        message.SigningDomains.ShouldBeNull();
        HeldMail.TryOpen(message.Content, message.Envelope, bed.HoldKey, out var opened, out var fault).ShouldBeTrue(fault);
        System.Text.Encoding.ASCII.GetString(opened!.Content.Span).ShouldBe(DkimBed.Mail());
    }

    [Fact]
    public void A_key_that_makes_wrong_signatures_lets_nothing_leave()
    {
        var domain = new SigningDomain(DkimBed.Entry(), () => new DkimKeyFound(new LyingKey(), Problem: null));
        var report = OwnReport.Protect(
            new Envelope(MailPath.Null, [new EnvelopeRecipient(MailPath.TryParse("bob@other.example", out var bob) ? bob : MailPath.Null)]), System.Text.Encoding.ASCII.GetBytes(DkimBed.Mail()));

        var signing = new DomainSigner(new DomainChoice([domain], Reason: null), arrived: null, TimeProvider.System).Sign(report);

        signing.Trouble.ShouldBe("the DKIM signature just made does not verify: the header is another one");
        signing.Message.ShouldBeSameAs(report);
    }

    [Fact]
    public async Task Held_mail_is_signed_when_it_is_released_and_not_before()
    {
        await using var bed = new DkimBed(DkimBed.Entry());

        var prepared = await bed.ReleaseAsync(DkimBed.Mail(), "bob@both.example");

        await bed.ShouldVerifyAsync(1, prepared.Messages.ShouldHaveSingleItem().Message.Content.ToArray());
    }

    [Fact]
    public async Task A_mail_whose_lines_some_next_hop_takes_only_shorter_is_written_so_before_it_is_signed()
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All });
        var mail = DkimBed.Mail(fields: "X-Long: " + string.Join(' ', Enumerable.Repeat("word", 400)) + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n", body: new string('x', 3000) + "\r\n");

        var message = await bed.LeavesAsync(mail, "bob@other.example");

        Mime.Hardening.ShortLines.Make(message.Content).Equals(message.Content).ShouldBeTrue("nothing is left to be written anew");
        await bed.ShouldVerifyAsync(1, message.Content.ToArray());
        System.Text.Encoding.ASCII.GetString(DkimBed.Read(message.Content).DecodeBody()).TrimEnd().ShouldBe(new string('x', 3000));
    }

    [Theory]
    [InlineData("pkcs7-signature", false)]
    [InlineData("pgp-signature", false)]
    [InlineData("pkcs7-signature", true)]
    [InlineData("pgp-signature", true)]
    public async Task What_somebody_signed_inside_keeps_its_long_lines_and_is_signed_with_them(string signature, bool isNested)
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All });
        var type = $"Content-Type: multipart/signed; protocol=\"application/{signature}\"; micalg=sha-256; boundary=s\r\n";
        var part = $"--s\r\nContent-Type: text/html\r\n\r\n{new string('x', 3000)}\r\n--s\r\nContent-Type: application/{signature}\r\n\r\nMIIB\r\n--s--\r\n";
        var body = isNested ? $"--m\r\n\r\n{new string('y', 3000)}\r\n--m\r\n{type}\r\n{part}\r\n--m--\r\n" : part;
        var mail = DkimBed.Mail(fields: $"MIME-Version: 1.0\r\nX-Long: {string.Join(' ', Enumerable.Repeat("word", 400))}\r\n{(isNested ? "Content-Type: multipart/mixed; boundary=m\r\n" : type)}", body: body);

        var message = await bed.LeavesAsync(mail, "bob@other.example");

        System.Text.Encoding.ASCII.GetString(DkimBed.Read(message.Content).Body.Span).ShouldBe(body);
        message.SigningDomains.ShouldBe(["example.com (rsa)"]);
        (await DkimJudges.MimeKitAsync(bed.Records, message.Content.ToArray())).ShouldBe(["good"]);
        Mime.Hardening.ShortLines.Make(message.Content).ToArray().ShouldBe(message.Content.ToArray(), "nothing is left to be written anew");
    }

    [Theory]
    [InlineData("", "dkim", null)]
    [InlineData("Hello", "hello", "the body is another one")]
    [InlineData("Subject: ", "Subject: no ", "the header is another one")]
    [InlineData("From: ", "From: eve@example.com\r\nFrom: ", "the header is another one")]
    [InlineData("DKIM-Signature: ", "DKIM-Signature: x", "it cannot be read back")]
    [InlineData("DKIM-Signature: ", "X: \r\nDKIM-Signature: ", "it cannot be read back")]
    [InlineData("s=rsa; ", "s=rsb; ", "the header is another one")]
    public async Task A_signature_that_is_not_what_it_should_be_in_the_final_octets_is_found(string from, string to, string? flaw)
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All }, DkimBed.Entry(selector: "ed") with { Mail = DkimMail.All });
        var text = System.Text.Encoding.ASCII.GetString((await bed.LeavesAsync(DkimBed.Mail(), "bob@other.example")).Content.Span);
        var place = from.Length == 0 ? -1 : text.IndexOf(from, StringComparison.Ordinal);
        var octets = System.Text.Encoding.ASCII.GetBytes(place < 0 ? text : text[..place] + to + text[(place + from.Length)..]);
        var keys = bed.SigningDomains.All.Select(domain => domain.Key.Key!).ToList();

        DomainSigner.FindFlaw(octets, keys).ShouldBe(flaw);
        DomainSigner.FindFlaw(octets, [.. Enumerable.Reverse(keys)]).ShouldNotBeNull("each is of its own key");
    }

    [Theory]
    [InlineData("From line\r\n")]
    [InlineData("no field\r\n")]
    public async Task A_header_that_readers_end_in_different_places_is_not_signed(string line)
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All });
        var mail = line + DkimBed.Mail();

        var outcome = await bed.SendAsync(mail, "bob@other.example");

        bed.Queue.Collected.ShouldAllBe(message => message.SigningDomains == null);
        (outcome.Reply.Code is 250 or 550).ShouldBeTrue(outcome.Reply.ToString());
    }

    private sealed class LyingKey : DkimKey
    {
        public override string Algorithm => "rsa-sha256";

        public override string Kind => "rsa";

        public override int Bits => 2048;

        public override ReadOnlyMemory<byte> PublicKey => default;

        public override byte[] Sign(ReadOnlySpan<byte> octets) => [1, 2, 3];

        public override bool Verify(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> signature) => false;
    }
}
