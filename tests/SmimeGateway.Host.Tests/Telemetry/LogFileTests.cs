using System.Runtime.Versioning;
using Serilog.Events;
using Serilog.Formatting.Display;
using Serilog.Parsing;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Telemetry;

[UnsupportedOSPlatform("windows")]
public sealed class LogFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();
    private readonly List<string?> _told = [];
    private readonly LogFile _file;
    private readonly string _today;

    public LogFileTests()
    {
        _today = _folder["logs/gateway-20260314.log"];
        _file = Open();
    }

    public void Dispose()
    {
        _file.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_new_file_is_for_its_owner_and_its_group_and_one_that_was_opened_to_others_stays_so()
    {
        Write("one");
        File.GetUnixFileMode(_today).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        _file.Dispose();
        File.SetUnixFileMode(_today, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        using var again = Open();
        Write("two", again);

        File.GetUnixFileMode(_today).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        File.ReadAllLines(_today).ShouldBe(["one", "two"]);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_once_and_written_again_as_soon_as_it_can_be()
    {
        Directory.CreateDirectory(_today);
        for (var i = 0; i < 5; i++)
        {
            Write("lost");
            _time.Advance(TimeSpan.FromMilliseconds(800));
        }

        _file.Trouble.ShouldNotBeNull().ShouldContain(_today);
        Directory.Delete(_today);
        _time.Advance(TimeSpan.FromSeconds(1));
        Write("kept");

        _file.Trouble.ShouldBeNull();
        _told.Count.ShouldBe(2);
        _told[0].ShouldNotBeNull();
        _told[1].ShouldBeNull();
        File.ReadAllLines(_today).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task A_pipe_in_its_place_is_told_and_keeps_nobody_waiting()
    {
        Directory.CreateDirectory(_folder["logs"]);
        using (var process = System.Diagnostics.Process.Start("mkfifo", [_today]))
        {
            await process.WaitForExitAsync();
        }

        await Eventually.EndsAsync(Task.Run(() => Write("lost")));

        _told.ShouldHaveSingleItem().ShouldNotBeNull().ShouldContain("it is a pipe");
    }

    [Fact]
    public void A_file_or_folder_that_is_taken_away_is_made_anew()
    {
        Write("one");
        File.Delete(_today);
        _time.Advance(TimeSpan.FromSeconds(1));
        Write("two");
        File.ReadAllLines(_today).ShouldBe(["two"]);

        Directory.Delete(Path.GetDirectoryName(_today)!, recursive: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        Write("three");
        File.ReadAllLines(_today).ShouldBe(["three"]);
        _told.ShouldBeEmpty();
    }

    [Fact]
    public void A_disk_that_takes_no_more_is_told_as_well()
    {
        Directory.CreateDirectory(_folder["logs"]);
        File.CreateSymbolicLink(_today, "/dev/full");

        Write("lost");

        _told.ShouldHaveSingleItem().ShouldNotBeNull();
    }

    [Fact]
    public void A_day_has_a_file_of_its_own_and_so_has_what_a_full_file_does_not_hold()
    {
        using var file = Open(maxBytes: 10);
        Write("twelve bytes", file);
        Write("more", file);
        _time.Advance(TimeSpan.FromDays(1));
        Write("tomorrow", file);

        File.ReadAllText(_today).ShouldBe("twelve bytes\n");
        File.ReadAllText(_folder["logs/gateway-20260314_001.log"]).ShouldBe("more\n");
        File.ReadAllText(_folder["logs/gateway-20260315.log"]).ShouldBe("tomorrow\n");
        using var again = Open(maxBytes: 10);
        Write("after a start", again);
        File.ReadAllText(_folder["logs/gateway-20260315.log"]).ShouldBe("tomorrow\nafter a start\n");
    }

    [Fact]
    public void The_oldest_files_go_and_whatever_else_is_there_stays()
    {
        string[] others = ["gateway-.log", "gateway-20250101.txt", "gateway-old.log", "gateway-2025010.log", "gateway-20250101_x.log", "other-20250101.log"];
        Directory.CreateDirectory(_folder["logs"]);
        Array.ForEach(others, other => File.WriteAllText(_folder["logs/" + other], "kept"));
        for (var i = 0; i < LogFile.Kept + 5; i++)
        {
            Write("a day");
            _time.Advance(TimeSpan.FromDays(1));
        }

        var left = Directory.GetFiles(_folder["logs"]).Select(Path.GetFileName).Order(StringComparer.Ordinal).Except(others).ToList();
        left.Count.ShouldBe(LogFile.Kept);
        left[0].ShouldBe("gateway-20260319.log");
        Directory.GetFiles(_folder["logs"]).Length.ShouldBe(LogFile.Kept + others.Length);
    }

    [Fact]
    public void No_line_is_lost_when_another_process_writes_into_the_file_or_somebody_cuts_it()
    {
        using var other = Open();
        Write("one");
        Write("two", other);
        Write("three");
        File.ReadAllLines(_today).ShouldBe(["one", "two", "three"]);

        using (var file = new FileStream(_today, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.SetLength(0);
        }

        Write("four");
        File.ReadAllText(_today).ShouldBe("four\n");
    }

    private LogFile Open(long maxBytes = 1000) =>
        new(_folder["logs/gateway-.log"], new MessageTemplateTextFormatter("{Message:l}{NewLine}"), _time, maxBytes) { TroubleChanged = _told.Add };

    private void Write(string text, LogFile? file = null) => (file ?? _file).Emit(
        new LogEvent(_time.GetLocalNow(), LogEventLevel.Information, null, new MessageTemplate(text, [new TextToken(text)]), []));
}
