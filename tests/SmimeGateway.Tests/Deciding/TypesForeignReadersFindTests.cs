using System.Net;
using System.Text;
using System.Text.Json;
using MimeKit;
using SmimeGateway.Deciding;
using SmimeGateway.Mime;
using SmimeGateway.Smtp;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Deciding;

/// <summary>Rules ask for the parts of a message: no reader finds one of a type that they were not told of, unless they were told that nobody knows.</summary>
public sealed class TypesForeignReadersFindTests
{
    private const int Messages = 6_000;

    private static readonly string[] Types =
    [
        "text/plain", "text/html", "TEXT/Calendar", "application/pdf", "image/png", "text", "application/", "/pdf", "text/plain text/html", "\"text/html\"", "text(a)/html", "(c) text/html",
        "text / html", "text/html (c)", "text/html;", "text/html; charset", "text/html; a=\"b;\\\"c\"; x=y", "text/html, text/plain", "text/=?utf-8?Q?html?=", "", " ", ";", "application/ms-tnef; name=winmail.dat",
        "message/rfc822", "application/octet-stream\r\n\t; name*0=a; name*1=b", "text/\r\n html", "text\r\n\t/html", "multipart/mixed", "te\u0001xt/html", "\u00A0text/html",
    ];

    private static readonly string[] Kinds = ["mixed", "alternative", "related", "digest", "signed", "report", "MIXED", "x-own"];

    private static readonly string[] Boundaries =
        ["boundary=(b)", "boundary=\"(b)\"", "BOUNDARY=(b)", "boundary=(b); boundary=other", "boundary=other", "", "boundary*=utf-8''(b)", "boundary*0=(b)", "boundary = (b)", "boundary=\"(b) \"", "boundary='(b)'"];

    private static readonly string[] Names =
        ["Content-Type: ", "Content-Type: ", "Content-Type: ", "content-type:", "Content-Type : ", "Content-Type:\r\n ", "X-Content-Type: ", "Content-Type\r\n: ", " Content-Type: "];

    private static readonly string[] Before = ["", "", "", "X-A: b\r\n", "junk\r\n", " \r\n", "\t folded\r\n", "Content-Transfer-Encoding: base64\r\n", "Content-Type: text/plain\r\n", "From x@y\r\n"];

    [Fact]
    public async Task No_reader_finds_a_part_of_a_type_that_rules_were_not_asked_about()
    {
        var random = new Random(2045);
        var messages = Enumerable.Range(0, Messages).Select(_ => Encoding.Latin1.GetBytes("From: a@example.com\r\nMIME-Version: 1.0\r\n" + Part(random, 0))).ToList();
        var input = Encoding.ASCII.GetBytes(string.Concat(messages.Select(message => Convert.ToBase64String(message) + "\n")));
        var run = await Tool.MustAsync("python3", [Path.Combine(Repository.Root, "tests", "TestSupport", "Readers", "read_types.py")], input);
        var python = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<string[]>(line)!).ToList();
        var surprises = new List<string>();
        var certain = 0;

        python.Count.ShouldBe(messages.Count);
        foreach (var (message, found) in messages.Zip(python))
        {
            if (Judged(message) is { } judged)
            {
                certain++;
                surprises.AddRange(found.Concat(MimeKitFinds(message)).Except(judged).Select(type => $"{type}, not among {string.Join(' ', judged)}:\n{Encoding.Latin1.GetString(message)}"));
            }
        }

        surprises.Take(5).ShouldBeEmpty($"{surprises.Count} of {certain}");
        certain.ShouldBeGreaterThan(Messages / 20);
    }

    private static IReadOnlyCollection<string>? Judged(byte[] message)
    {
        Entity.TryParse(message, MimeLimits.Standard, out var entity, out _).ShouldBeTrue();
        return new MessageFacts(MailPath.Null, "internal", IPAddress.Loopback, User: null, entity!.Header) { Message = entity }.MediaTypes;
    }

    private static List<string> MimeKitFinds(byte[] message)
    {
        using var stream = new MemoryStream(message);
        var found = new List<string>();
        Add(MimeMessage.Load(stream).Body);
        return found;

        void Add(MimeEntity? entity)
        {
            if (entity is null)
            {
                return;
            }

            found.Add(entity.ContentType.MimeType.ToLowerInvariant());
            foreach (var part in entity as Multipart ?? [])
            {
                Add(part);
            }

            Add((entity as MessagePart)?.Message?.Body);
        }
    }

    private static string Part(Random random, int depth)
    {
        if (depth < 3 && random.Next(2 + depth) == 0)
        {
            var boundary = $"b{random.Next(3)}";
            var parts = string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"--{boundary}{(random.Next(12) == 0 ? " \t" : "")}\r\n{Part(random, depth + 1)}\r\n"));
            return $"{Mostly(random, Before)}{Mostly(random, Names)}multipart/{Pick(random, Kinds)}; {Mostly(random, Boundaries).Replace("(b)", boundary, StringComparison.Ordinal)}\r\n\r\n"
                + $"{parts}{(random.Next(6) == 0 ? string.Empty : $"--{boundary}--")}\r\n";
        }

        return $"{Mostly(random, Before)}{Mostly(random, Names)}{Mostly(random, Types)}\r\n{(random.Next(12) == 0 ? string.Empty : "\r\n")}Subject: x\r\n\r\ntext";
    }

    private static string Pick(Random random, string[] all) => all[random.Next(all.Length)];

    // What is odd everywhere is certain nowhere.
    private static string Mostly(Random random, string[] all) => random.Next(4) > 0 ? all[0] : Pick(random, all);
}
