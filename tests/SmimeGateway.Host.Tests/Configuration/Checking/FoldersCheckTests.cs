using System.Globalization;
using SmimeGateway.Host.Configuration;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.Relaying;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration.Checking;

public sealed class FoldersCheckTests
{
    [Fact]
    public void A_folder_that_is_there_and_one_that_will_be_made_are_good_and_stay_as_they_are()
    {
        using var folder = new TemporaryFolder();

        var findings = FoldersCheck.Check(OptionsIn(folder.Path)).ToList();

        findings.ShouldAllBe(finding => finding.Severity == CheckSeverity.Good);
        findings.ShouldContain(finding => finding.Subject == $"dataFolder: {folder.Path}" && finding.Text == "Can be written.");
        findings.ShouldContain(finding => finding.Subject.StartsWith("queue.disk", StringComparison.Ordinal) && finding.Text == $"Will be made in {folder.Path}.");
        Directory.EnumerateFileSystemEntries(folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void A_file_in_the_place_of_a_folder_is_an_error()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["queue"], string.Empty);

        FoldersCheck.Check(OptionsIn(folder.Path)).Single(finding => finding.Severity == CheckSeverity.Error)
            .Subject.ShouldBe($"queue.disk: {folder["queue"]}");
    }

    [Theory]
    [InlineData("admin.sock", "admin.socket")]
    [InlineData("logs/gateway-{0:yyyyMMdd}.log", "log.file")]
    public void A_folder_in_the_place_of_a_file_is_an_error(string form, string key)
    {
        using var folder = new TemporaryFolder();
        var name = string.Format(CultureInfo.InvariantCulture, form, TimeProvider.System.GetLocalNow());
        Directory.CreateDirectory(folder[name]);

        var finding = FoldersCheck.Check(OptionsIn(folder.Path)).Single(finding => finding.Severity == CheckSeverity.Error);

        finding.Subject.ShouldBe($"{key}: {folder[name]}");
        FoldersCheck.FindHindrance(OptionsIn(folder.Path)).ShouldBe($"{finding.Subject}: {finding.Text}");
        (FoldersCheck.FindLogHindrance(OptionsIn(folder.Path)) is null).ShouldBe(key != "log.file");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_and_no_name_that_was_only_tried_is_shown()
    {
        var findings = FoldersCheck.Check(OptionsIn("/proc/sys/kernel")).ToList();

        findings.ShouldAllBe(finding => finding.Severity == CheckSeverity.Error);
        findings.ShouldAllBe(finding => !finding.Text.Contains("smimegateway-check", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_the_log_that_cannot_be_written_is_found_in_a_folder_that_can()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["logs"]);

        // Nobody, whatever account a test has, may write into a running program.
        var today = Path.Combine(folder["logs"], LogFile.NameOf("gateway-.log", DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime)));
        File.CreateSymbolicLink(today, "/proc/self/exe");

        FoldersCheck.Check(OptionsIn(folder.Path)).Single(finding => finding.Severity == CheckSeverity.Error).Subject.ShouldBe($"log.file: {today}");
        FoldersCheck.FindLogHindrance(OptionsIn(folder.Path)).ShouldNotBeNull().ShouldStartWith("It cannot be written: ");
    }

    private static GatewayOptions OptionsIn(string folder) => new()
    {
        DataFolder = folder,
        Queue = new() { Disk = Path.Combine(folder, "queue") },
        Log = new() { File = Path.Combine(folder, "logs", "gateway-.log") },
        Admin = new() { Socket = Path.Combine(folder, "admin.sock") },
        Routes = [new RouteOptions { Recipients = ["*"], Folder = Path.Combine(folder, "outbox") }],
    };
}
