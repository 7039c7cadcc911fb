using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Locating.Dkim;
using SmimeGateway.Mime.Dkim;
using SmimeGateway.Protecting;
using SmimeGateway.Protecting.Dkim;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Dkim;

/// <summary>What becomes of DKIM signatures that mail comes with.</summary>
public sealed class ForeignSignaturesTests
{
    private static readonly RSA Key = (RSA)TestKeys.Get(KeyKind.Rsa2048);
    private static readonly (string Name, string Text) Record =
        ("mta._domainkey.example.com", $"v=DKIM1; k=rsa; p={Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo())}");

    [Theory]
    [InlineData("bob@other.example", DkimMail.Changed)]
    [InlineData("bob@other.example", DkimMail.All)]
    [InlineData("bob@unsigned.example", DkimMail.All)]
    public async Task What_the_gateway_does_not_change_keeps_its_signature_intact(string recipient, DkimMail mail)
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = mail, BrokenSignatures = BrokenSignatures.Remove });
        var signed = Sign(DkimBed.Mail(body: "two  blanks \r\n\r\n\r\n"));

        var message = await bed.LeavesAsync(signed, recipient);

        var records = bed.Records;
        records.Add(Record.Name, Record.Text);
        string[] expected = mail == DkimMail.All ? ["good", "good"] : ["good"];
        (await DkimJudges.DkimpyAsync(records, [message.Content.ToArray()])).ShouldHaveSingleItem().ShouldBe(expected);
        (await DkimJudges.MimeKitAsync(records, message.Content.ToArray())).ShouldBe(expected);
        bed.Log.Lines.ShouldNotContain(line => line.Contains("does not fit", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bob@clear.example", BrokenSignatures.Keep)]
    [InlineData("bob@clear.example", BrokenSignatures.Remove)]
    [InlineData("bob@both.example", BrokenSignatures.Remove)]
    public async Task What_breaks_is_told_and_stays_or_goes_as_configured(string recipient, BrokenSignatures broken)
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { BrokenSignatures = broken }, DkimBed.Entry(selector: "ed"));

        var message = await bed.LeavesAsync(Sign(DkimBed.Mail()), recipient);

        var selectors = DkimBed.Read(message.Content).Header.FindAll(DkimSignature.FieldName).Select(field => DkimSignature.TryRead(field, out var read) ? read.Selector : "");
        selectors.ShouldBe(broken == BrokenSignatures.Remove ? ["rsa", "ed"] : ["rsa", "ed", "mta"]);
        bed.Log.Lines.Where(line => line.Contains("does not fit what leaves", StringComparison.Ordinal)).ShouldHaveSingleItem()
            .ShouldBe($"Information S1 the DKIM signature of example.com (mta) that it came with does not fit what leaves, and {(broken == BrokenSignatures.Remove ? "is taken out" : "stays in it")}");
        (await DkimJudges.DkimpyAsync(bed.Records, [message.Content.ToArray()]))[0].Take(2).ShouldBe(["good", "good"]);
    }

    [Fact]
    public async Task A_signature_that_covers_little_survives_and_one_that_nobody_can_read_is_nobodys_to_remove()
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { BrokenSignatures = BrokenSignatures.Remove });
        var little = Sign(DkimBed.Mail(fields: "DKIM-Signature: nonsense\r\n"), fields: ["From"], length: 0);

        var message = await bed.LeavesAsync(little, "bob@clear.example");

        DkimBed.Read(message.Content).Header.FindAll(DkimSignature.FieldName).Count().ShouldBe(3);
        var records = bed.Records;
        records.Add(Record.Name, Record.Text);
        (await DkimJudges.DkimpyAsync(records, [message.Content.ToArray()]))[0].Take(2).ShouldBe(["good", "good"]);
        bed.Log.Lines.ShouldContain(line => line.Contains("1 DKIM signature(s) that it came with could not be judged, and stay in it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_signature_that_covers_a_field_that_changed_is_broken_though_it_covers_nothing_of_the_body()
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { BrokenSignatures = BrokenSignatures.Remove });

        var message = await bed.LeavesAsync(Sign(DkimBed.Mail(), fields: ["From", "Content-Type"], length: 0), "bob@clear.example");

        DkimBed.Read(message.Content).Header.FindAll(DkimSignature.FieldName).ShouldHaveSingleItem().Body.ShouldContain("s=rsa");
    }

    [Fact]
    public async Task A_signature_that_survived_the_change_and_not_the_shortening_of_lines_is_taken_out_of_the_short_ones()
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { BrokenSignatures = BrokenSignatures.Remove });
        var signed = Sign(DkimBed.Mail(fields: "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n", body: new string('x', 3000) + "\r\n"));
        var leaving = new ProtectedMessage(new Envelope(MailPath.Null, []), Encoding.ASCII.GetBytes("X-Changed: yes\r\n" + signed), Protection.ClearSigned);

        var signing = new DomainSigner(new DomainChoice([.. bed.SigningDomains.All], Reason: null), DkimBed.Read(Encoding.ASCII.GetBytes(signed)), bed.Time).Sign(leaving);

        signing.Foreign.Broken.ShouldHaveSingleItem().Selector.ShouldBe("mta");
        DkimBed.Read(signing.Message.Content).Header.FindAll(DkimSignature.FieldName).ShouldHaveSingleItem().Body.ShouldContain("s=rsa");
    }

    [Fact]
    public async Task Of_a_thousand_signatures_a_few_are_judged_and_the_log_is_not_filled()
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { BrokenSignatures = BrokenSignatures.Remove });
        var many = string.Concat(Enumerable.Repeat("DKIM-Signature: v=1; a=rsa-sha256; d=evil\u0007.example; s=s; h=From; bh=YWJj; b=YWJj\r\n", 1000));

        var message = await bed.LeavesAsync(DkimBed.Mail(fields: many), "bob@clear.example");

        DkimBed.Read(message.Content).Header.FindAll(DkimSignature.FieldName).Count().ShouldBe(991);
        bed.Log.Lines.Count.ShouldBeLessThan(60);
        (await DkimJudges.DkimpyAsync(bed.Records, [message.Content.ToArray()]))[0][0].ShouldBe("good");
    }

    [Fact]
    public async Task A_passing_mail_that_has_a_signature_and_lines_to_be_shortened_is_left_alone()
    {
        await using var bed = new DkimBed(DkimBed.Entry() with { Mail = DkimMail.All });
        var signed = Sign(DkimBed.Mail(body: new string('x', 3000) + "\r\n"));

        var message = await bed.LeavesAsync(signed, "bob@other.example");

        Encoding.ASCII.GetString(message.Content.Span).ShouldBe(signed);
        bed.Log.Lines.ShouldContain(line => line.Contains("no domain signs it: it has a DKIM signature, and lines so long", StringComparison.Ordinal));
    }

    /// <summary>Signs a message as the server of its author does, before it comes to the gateway.</summary>
    private static string Sign(string mail, string[]? fields = null, int? length = null)
    {
        var message = DkimBed.Read(Encoding.ASCII.GetBytes(mail));
        var hash = CanonicalBody.Digest(message.Body.Span, Canonicalization.Relaxed, HashAlgorithmName.SHA256, length);
        var draft = $"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=mta; h={string.Join(':', fields ?? ["From", "To", "Subject", "Date"])};"
            + $"{(length is null ? "" : $" l={length};")}\r\n bh={Convert.ToBase64String(hash)}; b=";
        DkimSignature.TryRead(DkimBed.Read(Encoding.ASCII.GetBytes(draft + "YWJj\r\n\r\n")).Header[0], out var unsigned).ShouldBeTrue();
        return $"{draft}{Convert.ToBase64String(Key.SignData(unsigned.SignedOctets(message.Header).Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}\r\n{mail}";
    }
}
