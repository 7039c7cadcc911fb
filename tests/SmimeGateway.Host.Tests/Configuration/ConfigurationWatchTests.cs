using SmimeGateway.Host.Configuration;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Host.Tests.Configuration;

public sealed class ConfigurationWatchTests : IDisposable
{
    private static readonly string Changed = Sample.With("\"outbox\"", "\"mail\"");
    private static readonly string Broken = Sample.With("\"hostName\"", "\"hostname\"");

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow().AddHours(1));
    private readonly List<ConfigurationChange> _changes = [];
    private readonly List<IReadOnlyList<ConfigurationError>> _rejections = [];
    private readonly ConfigurationWatch _watch;
    private string? _hindrance;

    public ConfigurationWatchTests()
    {
        Save(Sample.Json);
        _watch = new ConfigurationWatch(File, ConfigurationLoader.Load(File), Take, _rejections.Add, _time);
    }

    private string File => _folder["gateway.json"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_that_nobody_touched_is_no_news()
    {
        _watch.Look();
        _watch.Look();

        _changes.ShouldBeEmpty();
        _rejections.ShouldBeEmpty();
    }

    [Fact]
    public void A_saved_change_is_handed_over_with_what_differs()
    {
        Save(Changed);

        _watch.Look();
        _watch.Look();

        var change = _changes.ShouldHaveSingleItem();
        change.Options.Routes[0].Folder.ShouldEndWith("/mail");
        change.Differences.ShouldBe(["$.routes[0].folder: \"outbox\" -> \"mail\""]);
        change.NeedRestart.ShouldBeEmpty();
    }

    [Fact]
    public void A_change_made_between_loading_and_watching_is_seen()
    {
        var watch = new ConfigurationWatch(File, Sample.Load(Changed), Take, _rejections.Add, _time);

        watch.Look();

        _changes.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_comment_is_no_change()
    {
        Save("// a comment\n" + Sample.Json);

        _watch.Look();

        _changes.ShouldBeEmpty();
        _rejections.ShouldBeEmpty();
    }

    [Fact]
    public void An_invalid_version_is_reported_once_and_the_next_valid_one_is_taken()
    {
        Save(Broken);
        _watch.Look();
        _watch.Look();
        _watch.Look();
        Save(Changed);
        _watch.Look();

        _rejections.ShouldHaveSingleItem().ShouldHaveSingleItem().Path.ShouldBe("$.hostname");
        _changes.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_half_written_file_is_waited_for()
    {
        Save(Changed[..(Changed.Length / 2)]);
        _watch.Look();
        Save(Changed[..(Changed.Length - 5)]);
        _watch.Look();
        Save(Changed);
        _watch.Look();

        _rejections.ShouldBeEmpty();
        _changes.ShouldHaveSingleItem();
    }

    [Fact]
    public void Two_invalid_versions_are_two_reports()
    {
        Save(Broken);
        _watch.Look();
        _watch.Look();
        Save(Sample.With("\"senders\"", "\"sender\""));
        _watch.Look();
        _watch.Look();

        _rejections.Count.ShouldBe(2);
    }

    [Fact]
    public void Going_back_to_the_running_version_is_no_change()
    {
        _watch.Look();
        Save(Broken);
        _watch.Look();
        _watch.Look();
        Save(Sample.Json);
        _watch.Look();

        _rejections.Select(errors => errors.Count).ShouldBe([1, 0]);
        _changes.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_is_away_for_a_moment_is_no_news()
    {
        System.IO.File.Delete(File);
        _watch.Look();
        Save(Changed);
        _watch.Look();

        _rejections.ShouldBeEmpty();
        _changes.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_file_that_stays_away_is_reported_once()
    {
        System.IO.File.Delete(File);
        _watch.Look();
        _watch.Look();
        _watch.Look();

        _rejections.ShouldHaveSingleItem().ShouldHaveSingleItem().Remedy.ShouldBe("The gateway goes on with the configuration it has.");
    }

    [Fact]
    public void Who_asks_is_told_at_once_and_again()
    {
        Save(Broken);
        _watch.LookNow();
        _watch.LookNow();

        _rejections.Count.ShouldBe(2);
    }

    [Fact]
    public void A_folder_swapped_by_a_link_is_seen()
    {
        Directory.CreateDirectory(_folder["one"]);
        Directory.CreateDirectory(_folder["two"]);
        System.IO.File.WriteAllText(Path.Combine(_folder["one"], "gateway.json"), Sample.Json);
        System.IO.File.WriteAllText(Path.Combine(_folder["two"], "gateway.json"), Changed);
        Directory.CreateSymbolicLink(_folder["current"], "one");
        var path = Path.Combine(_folder["current"], "gateway.json");
        var watch = new ConfigurationWatch(path, ConfigurationLoader.Load(path), Take, _rejections.Add, _time);
        watch.Look();

        Directory.Delete(_folder["current"]);
        Directory.CreateSymbolicLink(_folder["current"], "two");
        watch.Look();

        _changes.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_version_that_could_not_be_put_to_use_is_told_once_and_tried_again_until_it_is_in_force()
    {
        _hindrance = "the system has no more descriptors";
        Save(Changed);
        Looks(40);

        _changes.Count.ShouldBe(2);
        _rejections.ShouldHaveSingleItem().ShouldHaveSingleItem().Problem.ShouldBe(_hindrance);

        _hindrance = null;
        Looks(20);
        _changes.Count.ShouldBe(3);
        _changes[^1].Differences.ShouldBe(_changes[0].Differences);
        Looks(40);
        _changes.Count.ShouldBe(3);
    }

    [Fact]
    public void Who_asks_has_a_version_tried_at_once_that_could_not_be_put_to_use()
    {
        _hindrance = "the system has no more descriptors";
        Save(Changed);
        _watch.Look();

        _watch.LookNow().ShouldBeFalse();
        _hindrance = null;
        _watch.LookNow().ShouldBeTrue();

        _changes.Count.ShouldBe(3);
    }

    [Fact]
    public void What_changes_after_a_version_that_could_not_be_put_to_use_is_told_against_what_is_in_force()
    {
        _hindrance = "the system has no more descriptors";
        Save(Changed);
        _watch.Look();
        _hindrance = null;
        Save(Sample.Json);
        _watch.Look();

        _changes.ShouldHaveSingleItem();
        _rejections.Select(errors => errors.Count).ShouldBe([1, 0]);
    }

    [Fact]
    public void Who_asks_right_after_he_put_the_good_version_back_is_told_that_it_is()
    {
        Save(Broken);
        Looks(3);
        Save(Sample.Json);

        _watch.LookNow().ShouldBeTrue();

        _rejections.Select(errors => errors.Count).ShouldBe([1, 0]);
    }

    [Fact]
    public void What_is_told_is_the_latest_that_is_wrong()
    {
        _hindrance = "the system has no more descriptors";
        Save(Changed);
        Looks(2);
        System.IO.File.Delete(File);
        Looks(2);
        Save(Changed);
        Looks(2);
        Save(Broken);
        Looks(3);
        Save(Changed);
        Looks(2);
        Save(Broken);
        Looks(3);

        _rejections.Select(errors => errors.Single()).Select(error => error.Problem == _hindrance ? "hindered" : error.Path.Length > 0 ? "broken" : "missing")
            .ShouldBe(["hindered", "missing", "hindered", "broken", "hindered", "broken"]);
    }

    [Fact]
    public void Who_asks_again_hears_again_what_prevents_a_version()
    {
        _hindrance = "the system has no more descriptors";
        Save(Changed);
        _watch.LookNow();
        _watch.LookNow();

        _rejections.Count.ShouldBe(2);
    }

    [Fact]
    public void What_needs_a_restart_is_told_against_what_is_in_force_since_the_start()
    {
        Save(Sample.With("127.0.0.1:2525", "127.0.0.1:2526"));
        _watch.Look();
        Save(Sample.Json);
        _watch.Look();

        _changes.Select(change => change.NeedRestart.Count).ShouldBe([1, 0]);
    }

    [Fact]
    public void A_folder_in_place_of_a_file_that_was_away_is_told_as_one()
    {
        System.IO.File.Delete(File);
        Looks(2);
        Directory.CreateDirectory(File);
        Looks(2);

        _rejections.Select(errors => errors.Single().Problem).ShouldBe(["there is no such file", "this is a folder"]);
    }

    private string? Take(ConfigurationChange change)
    {
        _changes.Add(change);
        return _hindrance;
    }

    private void Looks(int count)
    {
        for (var look = 0; look < count; look++)
        {
            _watch.Look();
            _time.Advance(ConfigurationWatch.Pause);
        }
    }

    private void Save(string json) => System.IO.File.WriteAllText(File, json);
}
