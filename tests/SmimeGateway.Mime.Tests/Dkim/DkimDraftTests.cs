using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Mime.Dkim;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.Dkim;

public sealed class DkimDraftTests
{
    private static readonly DkimTerms Terms = new("rsa-sha256", "example.com", "s1", ["From", "Subject", "To", "Date", "Content-Type"], ["From", "Reply-To"]);
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_790_000_000);
    private static readonly RSA Key = (RSA)TestKeys.Get(KeyKind.Rsa2048);
    private static readonly Dictionary<string, string> Records = new()
    {
        ["s1._domainkey.example.com"] = $"v=DKIM1; k=rsa; p={Convert.ToBase64String(Key.ExportSubjectPublicKeyInfo())}",
    };

    [Fact]
    public void Fields_are_signed_as_often_as_they_are_there_and_closed_ones_once_more()
    {
        var names = Draft("Bcc: secret@example.net\r\nTo: a\r\nto: b\r\nFROM: c\r\nX-Other: d\r\n\r\n").Names;

        names.ShouldBe(["From", "From", "To", "To", "Reply-To"]);
    }

    [Fact]
    public void The_field_is_short_lined_and_says_what_it_covers_without_its_content()
    {
        var draft = Draft("From: alice@example.com\r\nSubject: geheim\r\nBcc: secret@example.net\r\n\r\nbody\r\n");
        var field = Encoding.ASCII.GetString(draft.Sign(Key.SignData(draft.Octets.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));

        field.ShouldStartWith("DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com;\r\n s=s1; t=1790000000;\r\n h=From:From:Subject:Reply-To;\r\n bh=");
        field.Split("\r\n").ShouldAllBe(line => line.Length <= 78);
        field.ShouldNotContain("geheim");
        field.ShouldNotContain("secret");
        field.ShouldNotContain("z=");
    }

    [Fact]
    public async Task Two_judges_find_what_is_signed_good_in_awkward_messages_and_bad_with_one_octet_changed()
    {
        var messages = AwkwardMessages.All.Select(awkward => awkward.Content).Where(content => HasOneAuthor(content) && content.Length < 200_000).ToList();
        messages.AddRange(Enumerable.Range(0, 200).Select(SomeMessage));
        var signed = messages.Select(Sign).ToList();
        var damaged = signed.Select((message, i) => Damage(message, i)).ToList();

        messages.Count.ShouldBeGreaterThan(250);
        var verdicts = await DkimJudges.DkimpyAsync(Records, signed);
        for (var i = 0; i < signed.Count; i++)
        {
            // It reads no field with a blank before its colon at all.
            var verdict = verdicts[i] is [['M', ..] refusal] && refusal.StartsWith("MessageFormatError", StringComparison.Ordinal) ? await DkimJudges.MimeKitAsync(Records, signed[i]) : verdicts[i];
            verdict[0].ShouldBe("good", Encoding.Latin1.GetString(signed[i]));
        }

        (await DkimJudges.DkimpyAsync(Records, damaged)).ShouldAllBe(verdict => verdict[0] != "good");
        foreach (var message in signed.TakeLast(200))
        {
            (await DkimJudges.MimeKitAsync(Records, message)).ShouldBe(["good"], Encoding.Latin1.GetString(message));
        }
    }

    // Of what a gateway takes every line has its end, and no other than that.
    private static bool HasOneAuthor(byte[] content) =>
        content.AsSpan().EndsWith("\r\n"u8)
        && !Encoding.Latin1.GetString(content).Replace("\r\n", string.Empty, StringComparison.Ordinal).AsSpan().ContainsAny("\r\n\0")
        && Entity.TryParse(content, MimeLimits.Standard, out var message, out _)
        && message.HasSeparator
        && message.Header.FindAll("From").Count() == 1
        && message.Header.All(field => field.Name.Length > 0);

    private static byte[] SomeMessage(int seed)
    {
        var random = new Random(seed);
        string[] blanks = [" ", "  ", "\t", "\r\n ", " \r\n\t", ""];
        string[] words = ["Alice", "hello", "=?utf-8?q?=C3=A4?=", ";", "b=", "x:y", "(comment)"];
        string[] lines = ["", " ", "text  with \t blanks ", ".", "--", "b=abc;", "\ttab", "x"];
        var header = "From:" + Pick(random, blanks) + "alice@example.com" + Pick(random, blanks) + "\r\n"
            + string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => $"Subject: {Text()}z\r\n"))
            + string.Concat(Enumerable.Range(0, random.Next(3)).Select(i => $"TO:{Text()}z{i}@example.net\r\n"));
        return Encoding.Latin1.GetBytes(header + "\r\n" + string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Pick(random, lines) + "\r\n")));

        string Text() => string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Pick(random, words) + Pick(random, blanks)));
    }

    private static string Pick(Random random, string[] of) => of[random.Next(of.Length)];

    private static byte[] Sign(byte[] content)
    {
        var message = Read(content);
        var draft = Draft(message);
        return [.. draft.Sign(Key.SignData(draft.Octets.Span, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), .. content];
    }

    // In the author, or in the body where there is any.
    private static byte[] Damage(byte[] signed, int number)
    {
        var message = Read(signed);
        var place = number % 2 == 0 ? -1 : PlaceIn(message.Body);
        place = place < 0 ? PlaceIn(message.Header.Find("From")!.RawBody) : place;
        byte[] damaged = [.. signed];
        damaged[place] ^= 0x80;
        return damaged;

        int PlaceIn(ReadOnlyMemory<byte> octets)
        {
            MemoryMarshal.TryGetArray(octets, out var piece);
            var at = octets.Span.IndexOfAnyExcept(" \t\r\n"u8);
            return at < 0 ? at : piece.Offset + at;
        }
    }

    private static DkimDraft Draft(string message) => Draft(Read(Encoding.Latin1.GetBytes(message)));

    private static DkimDraft Draft(Entity message) =>
        DkimDraft.Of(message.Header, Terms, CanonicalBody.Digest(message.Body.Span, Canonicalization.Relaxed, HashAlgorithmName.SHA256), At);

    private static Entity Read(byte[] content) => Entity.TryParse(content, MimeLimits.Standard, out var message, out _) ? message : throw new InvalidOperationException();
}
