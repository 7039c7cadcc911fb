using System.Text;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Authors;

/// <summary>Header lines that name an author in odd ways; some name another one than the client may use, to some reader at least.</summary>
internal static class OddFroms
{
    private const string Own = SomeFrom.Own;
    private const string Other = SomeFrom.Other;

    // Whole lines: what is odd is not in the field alone.
    private static readonly string[] Lines =
    [
        $"From\r\n : {Other}\r\nFrom: {Own}",
        $"From: {Own}\r\nFrom\r\n : {Other}",
        $"From \r\n\t: {Other}\r\nFrom: {Own}",
        $"\u0001From: {Other}\r\nFrom: {Own}",
        $"From\u0001: {Other}\r\nFrom: {Own}",
        $"From\u007F: {Other}\r\nFrom: {Own}",
        $"From: {Own}\r\n\u000BFrom: {Other}",
        $"From: {Own}\r\nFrom\u00A0: {Other}",
        $"\uFEFFFrom: {Other}\r\nFrom: {Own}",
        $"From\u200B: {Other}\r\nFrom: {Own}",
        $" From: {Other}\r\nFrom: {Own}",
        $"\tFrom: {Other}\r\nFrom: {Own}",
        $"From : {Other}\r\nFrom: {Own}",
        $"From: {Own}\r\nFROM: {Other}",
        $"From: {Own}\r\nfrom\t:{Other}",
        $"From: {Own}\r\nFrom: {Own}",
        $"From: {Own}\r\nthis is no field\r\nFrom: {Other}",
        $"this is no field\r\nFrom: {Other}\r\nFrom: {Own}",
        $"From: {Own}\r\n \r\nFrom: {Other}",
        $"From:\r\n {Own}",
        $"From:\r\n\t\r\n {Own}",
        $"From: Alice\r\n <{Own}>",
        $"From: Alice <{Own}\r\n >",
        $"From: Alice <ticket\r\n @tickets.example.com>",
        $"From: \"{Other}\r\n \" <{Own}>",
        $"From: {Other}\r\n <{Own}>",
        $"From: {Own},\r\n {Other}",
        $"From: {Own} (\r\n {Other})",
        $"From: {Own}\r\nSender: {Other}",
        $"From: {Own}\r\nResent-From: {Other}",
        $"From: {Own}\r\nX-From: {Other}",
        $"From: {Own}\r\nReply-To: {Other}",
        $"From: \u0000{Own}",
        $"From: {Own}\u0008",
        $"From: {Own}\u001B[2K{Other}",
        $"From: =?utf-8?Q?=0D=0AFrom:_support=40example.com?= <{Own}>",
        "From: Alice",
        "From:",
        "From: <>",
        "From: ;",
    ];

    /// <summary>Some hundreds, each as header lines.</summary>
    public static IReadOnlyList<byte[]> All { get; } =
        [.. Lines.Concat(SomeFrom.All().Concat(MadeUp()).Select(body => "From: " + body)).Distinct().Select(Encoding.UTF8.GetBytes)];

    private static IEnumerable<string> MadeUp()
    {
        var random = new Random(6);
        return Enumerable.Range(0, 250).Select(_ => SomeFrom.Generate(random));
    }
}
