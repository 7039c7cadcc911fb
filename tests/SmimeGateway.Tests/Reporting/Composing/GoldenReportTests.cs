using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using SmimeGateway.Reporting;
using SmimeGateway.Reporting.Composing;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.Reporting.Composing;

/// <summary>
/// Reports byte for byte. <c>SMIMEGATEWAY_REWRITE_GOLDEN=1</c> writes the files anew; what changed is then read by a person before it is
/// committed, and by Python's email package in every run.
/// </summary>
public sealed class GoldenReportTests
{
    public static TheoryData<string> Names => [.. GoldenReports.All.Keys];

    [Fact]
    public void Each_kind_of_report_lies_there()
    {
        var reports = GoldenReports.All.Values.Select(write => Encoding.UTF8.GetString(write())).ToList();

        Enum.GetValues<ReportKind>().ShouldAllBe(kind => reports.Any(report => report.Contains("Subject: " + Wording.Subject(kind), StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_report_is_the_one_in_its_file(string name)
    {
        var report = GoldenReports.All[name]();
        if (Environment.GetEnvironmentVariable("SMIMEGATEWAY_REWRITE_GOLDEN") == "1")
        {
            await File.WriteAllBytesAsync(FileOf(name), report);
        }

        // As text first, since it shows what differs; then as bytes, which is what counts.
        var golden = await File.ReadAllBytesAsync(FileOf(name));
        Encoding.UTF8.GetString(report).ShouldBe(Encoding.UTF8.GetString(golden));
        report.ShouldBe(golden);
    }

    [Fact]
    public async Task An_independent_reader_understands_every_report()
    {
        var run = await Tool.MustAsync("python3", [Path.Combine(Here(), "read_reports.py"), .. GoldenReports.All.Keys.Select(FileOf)]);

        var read = JsonSerializer.Deserialize<Dictionary<string, ReadReport>>(run.Output, JsonSerializerOptions.Web).ShouldNotBeNull();
        read.Keys.ShouldBe(GoldenReports.All.Keys, ignoreOrder: true);
        foreach (var (name, report) in read)
        {
            report.Type.ShouldBe("multipart/report", name);
            report.ReportType.ShouldBe("delivery-status", name);
            report.Defects.ShouldBeEmpty(name);
            report.LongestLine.ShouldBeLessThanOrEqualTo(998, name);
            report.EightBitLines.ShouldBe(name == "utf8" ? ["To: <jürgen@example.com>"] : [], name);
            report.Parts.Length.ShouldBe(3, name);
            report.Parts[0].ShouldBe("text/plain", name);
            report.Fields[0]["reporting-mta"].ShouldBe("dns; gateway.example.com", name);
            report.Fields.Skip(1).ShouldAllBe(fields => fields.ContainsKey("final-recipient") && fields.ContainsKey("status"), name);
        }

        read.Select(report => $"{report.Key}: {string.Join(' ', report.Value.Fields.Skip(1).Select(fields => fields["action"]))}").ShouldBe(
            [
                "refused: failed", "several: failed failed failed", "expired: failed", "delayed: delayed", "delivered: delivered",
                "relayed: relayed", "unencrypted: failed", "awaiting: delayed", "identified: failed", "utf8: failed", "latin1: failed", "full: failed",
            ],
            ignoreOrder: true);
        read["refused"].Parts.ShouldBe(["text/plain", "message/delivery-status", "text/rfc822-headers"]);
        read["refused"].Fields[1]["diagnostic-code"].ShouldBe(
            "smtp; 550 5.1.1 <bob@example.net>: Recipient address rejected: User unknown in local recipient table");
        read["refused"].Returned.ShouldBe("From: alice@example.com\r\nTo: bob@example.net\r\nSubject: A long\r\n folded subject\r\n");
        read["several"].Fields.Skip(1).Select(fields => fields["final-recipient"])
            .ShouldBe(["rfc822; bob@example.net", "rfc822; \"carol smith\"@example.net", "rfc822; dave@example.org"]);
        read["delayed"].Fields[1]["will-retry-until"].ShouldBe("Thu, 19 Mar 2026 09:28:53 +0000");
        read["identified"].Fields[0]["original-envelope-id"].ShouldBe("QQ314159+Invoice 42");
        read["identified"].Fields[1]["original-recipient"].ShouldBe("rfc822; Bob+Sales@Example.NET");
        read["utf8"].Parts.ShouldBe(["text/plain", "message/global-delivery-status", "message/global-headers"]);
        read["utf8"].Fields[1]["final-recipient"].ShouldBe("utf-8; dömi@exämple.net");
        read["utf8"].Fields[1]["original-recipient"].ShouldBe("utf-8; dömi@exämple.net");
        read["utf8"].Returned.ShouldBe("From: Jürgen <jürgen@example.com>\r\nSubject: Grüße = mehr\r\n");
        read["latin1"].Returned.ShouldBe("Subject: Grüße = mehr\r\n");
        read["full"].Parts[2].ShouldBe("message/rfc822");
        read["full"].Returned.ShouldBe(SomeReport.Mail);
    }

    private static string FileOf(string name) => Path.Combine(Here(), "Golden", $"{name}.eml");

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private sealed record ReadReport(
        string Type, string ReportType, string[] Defects, int LongestLine, string[] EightBitLines, string[] Parts,
        Dictionary<string, string>[] Fields, string Returned);
}
