using System.Text.RegularExpressions;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Tests.House;

/// <summary>The rules of the house that a compiler does not know.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly string[] Stages =
        ["Accepting", "Deciding", "Locating", "Opening", "Protecting", "Queueing", "Relaying", "Reporting"];

    // These see all stages by design: they put them together, or are what the configuration file is read into.
    private static readonly string[] SeeAllStages =
        ["MessagePath", "MessagePathLog", "Preparation", "PreparationWork", "Prepared", "Verdicts", "DeliveryLoop", "HeldRelease", "HeldReleaseLog", "HeldMailWatch", "GatewayServices", "GatewayOptions", "RunningConfiguration", "RunningConfigurations"];

    private static readonly string[] EmptyWords =
        ["Manager", "Helper", "Utils", "Util", "Common", "Base", "Impl", "Processor", "Context", "Wrapper", "Data", "Info", "Item"];

    // Their timers move numbers, close sockets and write lines of the log, none of which throws.
    private static readonly string[] TimersThatCannotThrow =
        ["ConnectionTable", "LazyDeadline", "LogLevelControl", "NextHopPool", "RouteOrder", "SilenceWatch", "StopSignals"];

    // Types that RFC 5652 names.
    private static readonly string[] NamesOfTheStandard = ["SignedData", "SignerInfo", "EnvelopedData", "RecipientInfo", "CompressedData"];

    [Fact]
    public void No_timer_ends_the_process_with_an_exception()
    {
        var bold =
            from file in SourceFile.All
            where file.Text.Contains(".CreateTimer(", StringComparison.Ordinal) && !TimersThatCannotThrow.Contains(file.Name)
            where !file.Text.Contains("catch (Exception", StringComparison.Ordinal) || !file.Text.Contains("CA1031", StringComparison.Ordinal)
            select file.RelativePath;

        bold.ShouldBeEmpty();
    }

    [Fact]
    public void A_stage_uses_only_the_stages_before_it()
    {
        var crooked =
            from file in SourceFile.All
            where file.Project == "SmimeGateway" && Stages.Contains(file.Stage)
            from used in file.Usings("SmimeGateway")
            where Array.IndexOf(Stages, used) > Array.IndexOf(Stages, file.Stage)
            select $"{file.RelativePath} uses {used}";

        crooked.ShouldBeEmpty();
    }

    [Fact]
    public void Only_those_who_put_the_stages_together_see_all_of_them()
    {
        var crooked =
            from file in SourceFile.All
            where file.Project == "SmimeGateway" && file.Stage.Length == 0 && !SeeAllStages.Contains(file.Name)
            from used in file.Usings("SmimeGateway")
            where Stages.Contains(used)
            select $"{file.RelativePath} uses {used}";

        crooked.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SmimeGateway.Mime")]
    [InlineData("SmimeGateway.Cms")]
    [InlineData("SmimeGateway.Smtp")]
    [InlineData("SmimeGateway.Certificates")]
    public void A_library_knows_nothing_of_the_others_and_nothing_of_the_gateway(string project)
    {
        var references = ProjectReference().Matches(ProjectFile(project)).Select(match => match.Groups[1].Value);

        references.ShouldBeEmpty();
    }

    [Fact]
    public void The_host_knows_the_gateway_and_the_gateway_knows_the_libraries()
    {
        ProjectReference().Count(ProjectFile("SmimeGateway.Host")).ShouldBe(1);
        ProjectReference().Count(ProjectFile("SmimeGateway")).ShouldBe(4);
    }

    [Fact]
    public void A_package_has_one_door()
    {
        var crooked =
            from file in SourceFile.All
            from used in file.AllUsings
            where (used.StartsWith("Serilog", StringComparison.Ordinal) || used.StartsWith("System.CommandLine", StringComparison.Ordinal))
                && file.Project != "SmimeGateway.Host"
                || used.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
                && !(file.Project == "SmimeGateway.Host" || file.Stage == "Accepting" || file.Name == "GatewayServices")
                || used.StartsWith("Npgsql", StringComparison.Ordinal) && file.Stage != "Queueing"
                || used.Contains("Org.BouncyCastle", StringComparison.Ordinal)
                && file.Project is "SmimeGateway.Cms" or "SmimeGateway.Mime" or "SmimeGateway.Smtp" && file.Folder != "SmimeGateway.Cms/Algorithms/Modern"
                || used.StartsWith("MimeKit.Tnef", StringComparison.Ordinal) && !file.Folder.EndsWith("/Protecting/Tnef", StringComparison.Ordinal)
            select $"{file.RelativePath} uses {used}";

        crooked.ShouldBeEmpty();
    }

    [Fact]
    public void Only_protecting_makes_a_protected_message()
    {
        // Within the assembly the constructor is open to all, so the source is asked.
        var makers = SourceFile.All
            .Where(file => file.Text.Contains("new ProtectedMessage(", StringComparison.Ordinal))
            .Select(file => file.Stage)
            .Distinct();

        makers.ShouldBe(["Protecting"]);
        typeof(SmimeGateway.Protecting.ProtectedMessage).GetConstructors().ShouldBeEmpty();
    }

    [Fact]
    public void Only_trusting_makes_a_trusted_certificate()
    {
        var makers = SourceFile.All
            .Where(file => file.Text.Contains("new TrustedCertificate(", StringComparison.Ordinal))
            .Select(file => file.Folder)
            .Distinct();

        makers.ShouldBe(["SmimeGateway.Certificates/Trusting"]);
        typeof(Certificates.Trusting.TrustedCertificate).GetConstructors().ShouldBeEmpty();
    }

    [Fact]
    public void No_file_is_over_400_lines_and_most_are_far_below()
    {
        var lengths = SourceFile.All.Select(file => file.Lines).Order().ToList();

        SourceFile.All.Where(file => file.Lines > 400).Select(file => $"{file.RelativePath}: {file.Lines}").ShouldBeEmpty();
        lengths[lengths.Count / 2].ShouldBeLessThan(80);
        lengths[lengths.Count * 9 / 10].ShouldBeLessThan(250);
    }

    [Fact]
    public void No_name_is_made_of_an_empty_word()
    {
        var empty = SourceFile.All.Select(file => file.Name).Except(NamesOfTheStandard).Where(name => Array.Exists(EmptyWords, word => name.EndsWith(word, StringComparison.Ordinal)));

        empty.ShouldBeEmpty();
    }

    private static string ProjectFile(string project) =>
        File.ReadAllText(Path.Combine(Repository.Root, "src", project, project + ".csproj"));

    [GeneratedRegex("<ProjectReference Include=\"([^\"]+)\"")]
    private static partial Regex ProjectReference();
}
