using MimeKit;
using SmimeGateway.Mime;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Protecting.Tnef;

/// <summary>Objects that nobody here wrote, and what they hold to those who wrote other readers.</summary>
public sealed class TnefCorpusTests
{
    // A list names each of the texts as files: body.rtf and body.html.
    [Fact]
    public void Everything_that_is_known_to_be_in_an_object_is_found_in_the_message()
    {
        if (Corpora.Folder("tnef") is not { } folder)
        {
            return;
        }

        var missing = new List<string>();
        foreach (var file in Directory.GetFiles(folder, "*.tnef"))
        {
            var result = TnefMail.Convert(TnefMail.Of(File.ReadAllBytes(file))).Message;
            var leaves = result is null ? [] : TnefMail.Leaves(result);
            var names = leaves.Select(leaf => leaf.FileName).OfType<string>().ToList();
            foreach (var name in File.ReadAllLines(Path.ChangeExtension(file, ".list")).Where(line => line.Length > 0))
            {
                var isThere = name switch
                {
                    "body.html" => leaves.Exists(leaf => leaf.ContentType.MediaType == "text/html" && Text(leaf).Contains("</", StringComparison.Ordinal)),
                    "body.rtf" => leaves.Exists(leaf => leaf.ContentType.Type == "text" && !string.IsNullOrWhiteSpace(Text(leaf))),
                    _ => names.Remove(name) || IsMessage(name),
                };
                if (!isThere)
                {
                    missing.Add($"{Path.GetFileName(file)}: {name}");
                }
            }

            // Messages have no name, and are attachments all the same.
            bool IsMessage(string name) => name == "Untitled Attachment" && leaves.RemoveAll(leaf => leaf.IsMessage) > 0;
        }

        // The reader that wrote this list takes the parts of embedded messages for attachments of the outer one.
        missing.Where(name => name != "christmas.tnef: Untitled Attachment").ShouldBeEmpty();
    }

    [Fact]
    public void A_text_that_was_html_reads_as_html_again_and_has_nothing_left_of_its_disguise()
    {
        if (Corpora.Folder("tnef") is not { } folder)
        {
            return;
        }

        foreach (var name in new[] { "body", "panic", "unicode-mapi-attr", "unicode-mapi-attr-name", "multi-value-attribute" })
        {
            var result = TnefMail.Convert(TnefMail.Of(File.ReadAllBytes(Path.Combine(folder, name + ".tnef")))).Message.ShouldNotBeNull();
            var html = Text(TnefMail.Leaves(result).Find(leaf => leaf.ContentType.MediaType == "text/html").ShouldNotBeNull());

            html.ToUpperInvariant().ShouldContain("<BODY", customMessage: name);
            html.ShouldNotContain("\\par", customMessage: name);
            html.ShouldNotContain("htmlrtf", customMessage: name);
            html.ShouldNotContain("{\\", customMessage: name);
        }
    }

    [Fact]
    public void The_text_of_the_message_and_its_html_become_two_forms_of_one()
    {
        if (Corpora.Folder("tnef") is not { } folder)
        {
            return;
        }

        var mail = Corpora.ReadMail(Path.Combine(folder, "ukr.eml"));
        var result = TnefMail.Convert(mail).Message.ShouldNotBeNull();

        result.TryGetParts(out var parts, out _).ShouldBeTrue();
        parts!.ShouldHaveSingleItem().ContentType.MediaType.ShouldBe("multipart/alternative");
        var leaves = TnefMail.Leaves(result);
        leaves.Select(leaf => leaf.ContentType.MediaType).ShouldBe(["text/plain", "text/html"]);
        leaves[0].Raw.ToArray().ShouldBe(TnefMail.Leaves(TnefMail.Read(mail))[0].Raw.ToArray(), "it keeps every octet");
        Text(leaves[1]).ShouldContain("\u0448\u043E\u0441\u0442\u0438\u0439");
    }

    [Fact]
    public void Another_reader_finds_the_same_files_with_the_same_octets()
    {
        if (Corpora.Folder("tnef") is not { } folder)
        {
            return;
        }

        foreach (var file in Directory.GetFiles(folder, "*.tnef"))
        {
            if (TnefMail.Convert(TnefMail.Of(File.ReadAllBytes(file))).Message is not { } result)
            {
                continue;
            }

            using var stream = new MemoryStream(result.Raw.ToArray());
            var theirs = MimeMessage.Load(stream).BodyParts.OfType<MimePart>().Select(part => (part.FileName, part.ContentType.MimeType, Octets(part)));
            var ours = TnefMail.Leaves(result).Where(leaf => !leaf.IsMessage).Select(leaf => (leaf.FileName, leaf.ContentType.MediaType, Convert.ToBase64String(leaf.DecodeBody())));

            // It does not look into messages that are attached.
            theirs.Except(ours).ShouldBeEmpty(Path.GetFileName(file));
        }

        static string Octets(MimePart part)
        {
            using var octets = new MemoryStream();
            part.Content!.DecodeTo(octets);
            return Convert.ToBase64String(octets.ToArray());
        }
    }

    private static string Text(Entity leaf) => System.Text.Encoding.UTF8.GetString(leaf.DecodeBody());
}
