using System.CommandLine;

namespace SmimeGateway.Host.Commands;

/// <summary>The options every command takes.</summary>
internal sealed class SharedOptions
{
    public Option<string> Configuration { get; } = new("--config")
    {
        Description = "The configuration file.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Path.Combine("config", "smimegateway.json"),
        Recursive = true,
    };

    public Option<bool> Json { get; } = new("--json") { Description = "Answer in JSON, for scripts.", Recursive = true };

    /// <summary>For the commands that ask the running gateway; they also work while its configuration file has errors.</summary>
    public Option<string?> Socket { get; } = new("--socket")
    {
        Description = "The gateway's admin socket, instead of the one the configuration names.",
        HelpName = "FILE",
        Recursive = true,
    };

    public string PathFrom(ParseResult parsed) => parsed.GetValue(Configuration)!;

    public Answer AnswerFor(ParseResult parsed) => new(parsed.GetValue(Json));
}
