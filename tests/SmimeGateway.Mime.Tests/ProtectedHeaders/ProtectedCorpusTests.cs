using System.Buffers;
using System.Text;
using System.Text.Json;
using SmimeGateway.Mime.ProtectedHeaders;
using SmimeGateway.Mime.Tests.Corpus;
using SmimeGateway.Mime.Tests.Hardening;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Mime.Tests.ProtectedHeaders;

public sealed class ProtectedCorpusTests
{
    // What a client that knows nothing of protected headers shows of a decrypted message: the fields it understands, and the text.
    private const string LegacyReader =
        """
        import email, email.policy, json, sys
        read = {}
        for name in sys.argv[1:]:
            with open(name, 'rb') as file:
                message = email.message_from_binary_file(file, policy=email.policy.default)
            bodies = [message.get_body((kind,)) for kind in ('plain', 'html')]
            read[name] = {
                'type': message.get_content_type(), 'hp': message.get_param('hp'), 'subject': str(message['subject']),
                'outer': [str(value).split(':')[0] for value in message.get_all('hp-outer', [])],
                'defects': [str(defect) for defect in message.defects],
                'texts': [body.get_content() for body in bodies if body is not None],
            }
        print(json.dumps(read))
        """;

    [CorpusFact("mime")]
    public void Every_message_keeps_its_leaves_and_its_header()
    {
        var problems = new List<string>();

        foreach (var file in CorpusHardeningTests.MailFiles())
        {
            var split = ContentSplit.Split(Read.Message(Corpora.ReadMail(file)));
            var before = Leaves.Of(Read.Message(split.Content.ToArray()));
            foreach (var shielded in new[] { HeaderProtection.ForSigned(split), HeaderProtection.ForEncrypted(split, legacyDisplay: false) })
            {
                var payload = Read.Message(shielded.Content.ToArray());
                if (!HeaderProtection.TryRead(payload, out var header))
                {
                    problems.Add($"{file}: not protected");
                    continue;
                }

                payload = IsPart(split) ? Read.Parts(payload).Single() : payload;
                problems.AddRange(before.Except(Leaves.Of(payload)).Select(leaf => $"{file}: lost {leaf[..Math.Min(200, leaf.Length)]}"));
                var expected = split.OuterFields.Count(field => !IsLeftOut(field));
                problems.AddRange(header.Fields.Count == expected ? [] : [$"{file}: {header.Fields.Count} fields instead of {expected}"]);
            }
        }

        problems.ShouldBeEmpty(string.Join('\n', problems));
    }

    [CorpusFact("mime")]
    public void Every_display_is_added_to_the_text_and_to_nothing_else()
    {
        var problems = new List<string>();
        var shown = 0;

        foreach (var file in CorpusHardeningTests.MailFiles())
        {
            var split = ContentSplit.Split(Read.Message(Corpora.ReadMail(file)));
            split = split.WithOuterFields([.. split.OuterFields.Where(field => !field.Is("Subject")), HeaderField.Compose("Subject", "a plan")]);
            var before = Read.Message(HeaderProtection.ForEncrypted(split, legacyDisplay: false).Content.ToArray());
            var after = Read.Message(HeaderProtection.ForEncrypted(split, legacyDisplay: true).Content.ToArray());
            shown += Compare(file, before, after, problems);
        }

        problems.ShouldBeEmpty(string.Join('\n', problems));
        shown.ShouldBeGreaterThan(50);
    }

    [Fact]
    public async Task A_reader_that_knows_nothing_of_protected_headers_shows_the_subject()
    {
        using var folder = new TemporaryFolder();
        var cases = new Dictionary<string, string>
        {
            ["plain"] = "Subject: secret plan\r\nFrom: a@example.com\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nhello\r\n",
            ["encoded"] = "Subject: =?utf-8?Q?gr=C3=BCner?= plan\r\nFrom: a@example.com\r\nContent-Type: text/plain\r\n\r\nhello\r\n",
            ["alternative"] = "Subject: secret plan\r\nFrom: a@example.com\r\nContent-Type: multipart/alternative;\r\n boundary=\"b;c\"\r\n\r\n"
                + "--b;c\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nZ3LDvG4NCg==\r\n"
                + "--b;c\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<body>gr=C3=BCn</body>\r\n--b;c--\r\n",
        };
        foreach (var (name, message) in cases)
        {
            var split = HeaderProtection.ForEncrypted(ContentSplit.Split(Read.Message(message)), legacyDisplay: true);
            await File.WriteAllBytesAsync(folder[name], split.Content.ToArray());
        }

        var run = await Tool.MustAsync("python3", ["-c", LegacyReader, .. cases.Keys.Select(name => folder[name])]);

        var read = JsonSerializer.Deserialize<Dictionary<string, LegacyView>>(run.Output, JsonSerializerOptions.Web).ShouldNotBeNull();
        read.Values.ShouldAllBe(view => view.Hp == "cipher" && view.Defects.Length == 0 && view.Outer.SequenceEqual(new[] { "Subject", "From" }));
        read[folder["plain"]].Texts.ShouldBe(["Subject: secret plan\n\nhello\n"]);
        read[folder["encoded"]].Texts.ShouldBe(["Subject: gr\u00FCner plan\n\nhello\n"]);
        var alternative = read[folder["alternative"]];
        alternative.Type.ShouldBe("multipart/alternative");
        alternative.Subject.ShouldBe("secret plan");
        alternative.Texts[0].ReplaceLineEndings("\n").ShouldBe("Subject: secret plan\n\ngr\u00FCn\n");
        alternative.Texts[1].ShouldContain("<pre>\nSubject: secret plan\n</pre>\n</div>gr\u00FCn");
    }

    // A layer cannot carry a protected header, nor can what has a type that is not written to the letter. The fields that it leaves out are
    // those of servers and of other encryptions.
    private static bool IsPart(SplitMessage split) =>
        !TypeParameter.CanBeSet(split.ContentFields) || Mime.ProtectedHeaders.CryptographicLayers.Is(Entity.Assemble(split.ContentFields, split.Body, MimeLimits.Standard));

    private static bool IsLeftOut(HeaderField field) => !Mime.ProtectedHeaders.CopiedFields.Includes(field);

    private static int Compare(string file, Entity before, Entity after, List<string> problems)
    {
        var old = Read.Parts(before);
        var parts = Read.Parts(after);
        if (old.Count > 0)
        {
            problems.AddRange(old.Count == parts.Count ? [] : [$"{file}: {old.Count} parts became {parts.Count}"]);
            return old.Zip(parts).Sum(pair => Compare(file, pair.First, pair.Second, problems));
        }

        var (was, now) = (Text(before), Text(after));
        if (after.ContentType.Parameter("hp-legacy-display") is null || before.ContentType.Parameter("hp-legacy-display") is not null)
        {
            problems.AddRange(was == now ? [] : [$"{file}: a leaf changed without a mark"]);
            return 0;
        }

        var display = after.ContentType.Subtype == "plain"
            ? "Subject: a plan\r\n\r\n"
            : "<div class=\"header-protection-legacy-display\">\r\n<pre>\r\nSubject: a plan\r\n</pre>\r\n</div>";
        var place = now.IndexOf(display, StringComparison.Ordinal);
        problems.AddRange(place >= 0 && now.Remove(place, display.Length) == was ? [] : [$"{file}: a text lost or gained something"]);
        return 1;
    }

    private static string Text(Entity leaf) => Encoding.Latin1.GetString(leaf.DecodeBody());

    private sealed record LegacyView(string Type, string Hp, string Subject, string[] Outer, string[] Defects, string[] Texts);
}
