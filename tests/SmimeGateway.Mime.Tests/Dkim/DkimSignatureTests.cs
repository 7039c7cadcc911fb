using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Mime.Dkim;

namespace SmimeGateway.Mime.Tests.Dkim;

public sealed class DkimSignatureTests
{
    // RFC 8463 appendix A.
    private const string RsaRecord =
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC"
        + "DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB";

    private const string Example = """
        DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
         d=football.example.com; i=@football.example.com;
         q=dns/txt; s=test; t=1528637909; h=from : to : subject :
         date : message-id : from : subject : date;
         bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
         b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
         DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
         dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
        From: Joe SixPack <joe@football.example.com>
        To: Suzie Q <suzie@shopping.example.net>
        Subject: Is dinner ready?
        Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
        Message-ID: <20030712040037.46341.5F8J@football.example.com>

        Hi.

        We lost the game.  Are you hungry yet?

        Joe.

        """;

    private const string Field = "v=1; a=rsa-sha256; c=relaxed/simple; d=example.com; s=s1; h=From:Subject:Subject; bh=YWJj; b=YWJj";

    [Theory]
    [InlineData(null, null, true)]
    [InlineData("Is dinner ready?", "Is   dinner\n ready? ", true)]
    [InlineData("Subject:", "sUBJECT :", true)]
    [InlineData("We lost the game.  Are", "We lost the game. \t Are", true)]
    [InlineData("Joe.\n", "Joe. \n\n\n", true)]
    [InlineData("Is dinner", "Is the dinner", false)]
    [InlineData("To:", "From: mallory@example.net\nTo:", false)]
    [InlineData("We lost", "We won", false)]
    public void The_signature_of_the_RFC_verifies_and_only_what_does_not_count_may_change(string? from, string? to, bool isGood)
    {
        var message = Corpus.Read.Message((from is null ? Example : Example.Replace(from, to, StringComparison.Ordinal)).ReplaceLineEndings("\r\n"));
        DkimSignature.TryRead(message.Header[0], out var signature).ShouldBeTrue();

        (signature.Domain, signature.Selector, signature.Algorithm).ShouldBe(("football.example.com", "test", "rsa-sha256"));
        var isBodyGood = signature.Covers(message.Body);
        using var key = RSA.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(RsaRecord), out _);
        var isHeaderGood = key.VerifyData(signature.SignedOctets(message.Header).Span, signature.Value.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        (isBodyGood && isHeaderGood).ShouldBe(isGood);
    }

    [Theory]
    [InlineData(Field, true)]
    [InlineData(Field + ";", true)]
    [InlineData(Field + "; x-y_z1 = anything ; ", false)]
    [InlineData(Field + "; xyz = anything\r\n folded ; ", true)]
    [InlineData(Field + ";;", false)]
    [InlineData(Field + "; d=other.example", false)]
    [InlineData(Field + "; l=12", true)]
    [InlineData(Field + "; l=-1", false)]
    [InlineData(Field + "; l=99999999999999999999999999999", false)]
    [InlineData("", false)]
    [InlineData(";", false)]
    [InlineData("v=1", false)]
    [InlineData("=1", false)]
    [InlineData("a=rsa-sha256; d=example.com; s=s1; h=From; bh=YWJj; b=YWJj", false)]
    [InlineData("v=2; a=rsa-sha256; d=example.com; s=s1; h=From; bh=YWJj; b=YWJj", false)]
    [InlineData("v=1; a=rsa-md5; d=example.com; s=s1; h=From; bh=YWJj; b=YWJj", false)]
    [InlineData("v=1; a=rsa-sha1; d=example.com; s=s1; h=From; bh=YWJj; b=YWJj", true)]
    [InlineData("v=1; a=rsa-sha256; d=; s=s1; h=From; bh=YWJj; b=YWJj", false)]
    [InlineData("v=1; a=rsa-sha256; d=example.com; h=From; bh=YWJj; b=YWJj", false)]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=s1; bh=YWJj; b=YWJj", false)]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; bh=; b=YWJj", false)]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; bh=YWJj; b=no base64 at all", false)]
    [InlineData("v=1; a=rsa-sha256; d=example.com; s=s1; h=From; bh=YW\r\n\tJj; b= Y W\r\n Jj ", true)]
    public void What_nobody_could_verify_is_no_signature(string body, bool isOne) =>
        DkimSignature.TryRead(Read($"DKIM-Signature: {body}\r\n\r\n").Header[0], out _).ShouldBe(isOne);

    [Fact]
    public void No_damage_to_a_signature_breaks_who_reads_it()
    {
        var random = new Random(8463);
        var example = Encoding.Latin1.GetBytes(Example.ReplaceLineEndings("\r\n"));
        string[] pieces = [";", "=", "b=", "bh=", "l=9", "h=", "\r\n ", ":", "c=simple/relaxed", "c=/", " ", "\0", "\u00ff", "a=rsa-sha1"];
        var read = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = example.ToList();
            for (var damages = random.Next(1, 4); damages > 0; damages--)
            {
                var (at, length) = (random.Next("DKIM-Signature:".Length, 520), random.Next(6));
                damaged.RemoveRange(at, length);
                damaged.InsertRange(at, Encoding.Latin1.GetBytes(pieces[random.Next(pieces.Length)]));
            }

            if (Entity.TryParse(damaged.ToArray(), MimeLimits.Standard, out var message, out _) && message.Header.Count > 0 && DkimSignature.TryRead(message.Header[0], out var signature))
            {
                read++;
                _ = signature.Covers(message.Body);
                signature.SignedOctets(message.Header).Length.ShouldBeGreaterThan(0);
                _ = signature.IsBrokenBy(message.Header, message);
            }
        }

        read.ShouldBeInRange(500, 19_500);
    }

    [Fact]
    public void A_field_longer_than_any_signature_is_none()
    {
        DkimSignature.TryRead(Read($"DKIM-Signature: {Field}; x={new string('y', 60_000)}\r\n\r\n").Header[0], out _).ShouldBeTrue();
        DkimSignature.TryRead(Read($"DKIM-Signature: {Field}; x={new string('y', 70_000)}\r\n\r\n").Header[0], out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("relaxed", "from:a@b\r\nsubject:two\r\nsubject:o ne\r\ndkim-signature:v=1; a=rsa-sha256; c=relaxed; d=e; s=s; h=From:Subject:Subject:Subject; bh=YWJj; b=; t=1")]
    [InlineData("simple", "From : a@b \r\nSubject: two\r\nSUBJECT: o\r\n  ne\r\nDKIM-Signature: v=1; a=rsa-sha256; c=simple; d=e; s=s; h=From:Subject:Subject:Subject;\r\n bh=YWJj; b=; t=1")]
    public void Fields_of_one_name_are_signed_from_the_last_and_the_value_is_left_out(string form, string octets)
    {
        var message = Read($"SUBJECT: o\r\n  ne\r\nDKIM-Signature: v=1; a=rsa-sha256; c={form}; d=e; s=s; h=From:Subject:Subject:Subject;\r\n bh=YWJj; b= YW\r\n\tJj ; t=1\r\nSubject: two\r\nFrom : a@b \r\n\r\n");
        DkimSignature.TryRead(message.Header[1], out var signature).ShouldBeTrue();

        Encoding.Latin1.GetString(signature.SignedOctets(message.Header).Span).ShouldBe(octets);
    }

    [Theory]
    [InlineData("body", "body", "c=relaxed/relaxed", true)]
    [InlineData("body", "another", "c=relaxed/relaxed", false)]
    [InlineData("body", "another", "c=relaxed/relaxed; l=0", true)]
    [InlineData("body\r\n", "body\r\nmore", "c=relaxed/relaxed; l=6", true)]
    public void A_signature_survives_a_change_of_what_it_does_not_cover(string before, string after, string tags, bool survives)
    {
        var length = tags.Contains("l=0", StringComparison.Ordinal) ? 0L : tags.Contains("l=6", StringComparison.Ordinal) ? 6 : (long?)null;
        var hash = Convert.ToBase64String(CanonicalBody.Digest(Encoding.ASCII.GetBytes(before), Canonicalization.Relaxed, HashAlgorithmName.SHA256, length));
        var field = $"DKIM-Signature: v=1; a=rsa-sha256; {tags}; d=e; s=s; h=From; bh={hash}; b=YWJj\r\n";
        var (arrived, leaving) = (Read($"{field}From: a@b\r\nSubject: x\r\n\r\n{before}"), Read($"{field}From: a@b\r\nSubject: y\r\n\r\n{after}"));
        DkimSignature.TryRead(leaving.Header[0], out var signature).ShouldBeTrue();

        signature.IsBrokenBy(arrived.Header, leaving).ShouldBe(!survives);
        signature.IsBrokenBy(Read($"{field}From: c@b\r\n\r\n{before}").Header, leaving).ShouldBeTrue("a field that it covers changed");
    }

    private static Entity Read(string message) => Corpus.Read.Message(message);
}
