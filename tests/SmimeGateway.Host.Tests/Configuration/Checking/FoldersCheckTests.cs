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

        FoldersCheck.Check(OptionsIn(folder.Path)).Single(finding => finding.Severity != CheckSeverity.Good)
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

        var finding = FoldersCheck.Check(OptionsIn(folder.Path)).Single(finding => finding.Severity != CheckSeverity.Good);

        finding.Subject.ShouldBe($"{key}: {folder[name]}");
        var (start, log) = (FoldersCheck.FindHindrance(OptionsIn(folder.Path)), FoldersCheck.FindLogHindrance(OptionsIn(folder.Path)));
        (key == "log.file" ? log : start).ShouldBe($"{finding.Subject}: {finding.Text}");
        (key == "log.file" ? start : log).ShouldBeNull("a log that cannot be written keeps no start");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_and_no_name_that_was_only_tried_is_shown()
    {
        var findings = FoldersCheck.Check(OptionsIn("/proc/sys/kernel")).ToList();

        findings.ShouldAllBe(finding => finding.Severity == (finding.Subject.StartsWith("log.file", StringComparison.Ordinal) ? CheckSeverity.Warning : CheckSeverity.Error));
        findings.ShouldAllBe(finding => !finding.Text.Contains("smimegateway-check", StringComparison.Ordinal));
        findings.SelectMany(finding => SentenceFlaws.In($"{finding.Subject}: {finding.Text}")).ShouldBeEmpty();
        findings.Where(finding => finding.PreventsStart).Select(finding => finding.Subject.Split(':')[0]).Distinct().ShouldBe(["queue.disk", "admin.socket"], "what is there already starts");
        FoldersCheck.FindQueueHindrance(OptionsIn("/proc/sys/kernel")).ShouldNotBeNull().ShouldStartWith("queue.disk: /proc/sys/kernel/queue: It cannot be made in /proc/sys/kernel: ");
    }

    [Fact]
    public void A_file_of_the_log_that_cannot_be_written_is_found_in_a_folder_that_can()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["logs"]);

        // Nobody, whatever account a test has, may write into a running program.
        var today = Path.Combine(folder["logs"], LogFile.NameOf("gateway-.log", DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime)));
        File.CreateSymbolicLink(today, "/proc/self/exe");

        FoldersCheck.Check(OptionsIn(folder.Path)).Single(finding => finding.Severity != CheckSeverity.Good).Subject.ShouldBe($"log.file: {today}");
        FoldersCheck.FindLogHindrance(OptionsIn(folder.Path)).ShouldNotBeNull().ShouldStartWith($"log.file: {today}: It cannot be written: ");
    }

    private static GatewayOptions OptionsIn(string folder) => new()
    {
        DataFolder = folder,
        Queue = new() { Disk = Path.Combine(folder, "queue") },
        Log = new() { File = Path.Combine(folder, "logs", "gateway-.log") },
        Admin = new() { Socket = Path.Combine(folder, "admin.sock") },
        Routes = [new RouteOptions { Recipients = ["*"], Folder = Path.Combine(folder, "outbox") }],
    };

    [Theory]
    [InlineData("777", true)]
    [InlineData("750", true)]
    [InlineData("701", true)]
    [InlineData("700", false)]
    public void A_queue_that_is_open_to_others_is_told_before_the_start_shuts_them_out(string mode, bool isTold)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["queue"]);
        File.SetUnixFileMode(folder["queue"], (UnixFileMode)Convert.ToInt32(mode, 8));

        var warnings = FoldersCheck.Check(OptionsIn(folder.Path)).Where(finding => finding.Severity == CheckSeverity.Warning).ToList();

        warnings.Select(warning => $"{warning.Subject}: {warning.Text}").ShouldBe(!isTold ? [] :
            [$"queue.disk: {folder["queue"]}: It is open to others (mode {mode}), and mail lies in it. The gateway shuts them out when it starts; now: chmod go= {folder["queue"]}"]);
    }

    [Theory]
    [InlineData("/proc")]
    [InlineData("/proc/logs")]
    [InlineData("/proc/sys/kernel")]
    public void A_folder_where_nobody_makes_files_is_told_as_that_and_without_its_name_twice(string folder)
    {
        using var home = new TemporaryFolder();
        var options = OptionsIn(home.Path) with { Log = new() { File = folder + "/gateway-.log" } };

        var finding = FoldersCheck.Check(options).Single(finding => finding.Severity != CheckSeverity.Good);

        finding.Subject.ShouldBe($"log.file: {folder}");
        finding.Text.ShouldEndWith($". Let the user {Environment.UserName} write there, or name another folder.");
        finding.Text.ShouldNotContain("Could not find");
        finding.PreventsStart.ShouldBeFalse("the log goes to the console");
        SentenceFlaws.In($"{finding.Subject}: {finding.Text}").ShouldBeEmpty();
        FoldersCheck.FindLogHindrance(options).ShouldBe($"{finding.Subject}: {finding.Text}");
    }
}
