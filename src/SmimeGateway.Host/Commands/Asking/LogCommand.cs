using System.CommandLine;
using System.Text.Json;
using SmimeGateway.Host.Admin;
using SmimeGateway.Host.Telemetry;
using SmimeGateway.Settings;

namespace SmimeGateway.Host.Commands.Asking;

/// <summary><c>log</c>: the level of the running gateway's log, and its lines.</summary>
internal static class LogCommand
{
    private static readonly string[] Levels = [.. Enum.GetNames<LogThreshold>().Select(name => name.ToLowerInvariant())];

    public static Command Create(SharedOptions options)
    {
        var command = new Command("log", "Show or change the level of the running gateway's log, or read it.") { options.Socket };
        command.Subcommands.Add(CreateLevel(options));
        command.Subcommands.Add(CreateTail(options));
        return command;
    }

    private static Command CreateLevel(SharedOptions options)
    {
        var level = new Argument<string?>("LEVEL") { Description = "The level to change to; without it the present one is shown.", Arity = ArgumentArity.ZeroOrOne };
        level.AcceptOnlyFromAmong(Levels);
        var duration = new Option<string?>("--for")
        {
            Description = "How long, such as 15m. Without it debug lasts as long as the configuration says, any other level until it is changed.",
            HelpName = "DURATION",
        };
        var command = new Command("level", "Show the level of the log, or change it without a restart.") { level, duration };
        command.SetAction((parsed, cancellationToken) =>
        {
            if (parsed.GetValue(level) is not { } wanted)
            {
                if (parsed.GetValue(duration) is null)
                {
                    return ShowLevelAsync(options, parsed, gateway => gateway.GetAsync<LogLevelState>("/log/level", cancellationToken));
                }

                Answer.Complain("Give the level that --for is about, such as: log level debug --for 15m");
                return Task.FromResult(ExitCode.WrongUsage);
            }

            var request = new LogLevelRequest(Enum.Parse<LogThreshold>(wanted, ignoreCase: true), parsed.GetValue(duration));
            return ShowLevelAsync(options, parsed, gateway => gateway.PostAsync<LogLevelState>("/log/level", request, cancellationToken));
        });
        return command;
    }

    private static Task<int> ShowLevelAsync(SharedOptions options, ParseResult parsed, Func<GatewayClient, Task<LogLevelState>> ask) =>
        GatewayClient.AskAsync(options, parsed, async gateway =>
        {
            var state = await ask(gateway);
            options.AnswerFor(parsed).Give(state, console => console.WriteLine(Sentences.Of(state)));
            return ExitCode.Done;
        });

    private static Command CreateTail(SharedOptions options)
    {
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with the lines that are yet to be written, until Ctrl-C." };
        var lines = new Option<int>("--lines", "-n") { Description = "How many of the last lines, up to 1000.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var level = new Option<string?>("--level") { Description = "Only lines of this level and more severe ones.", HelpName = "LEVEL" };
        level.AcceptOnlyFromAmong(Levels);
        var command = new Command("tail", "Show the last lines of the log, and those to come.") { follow, lines, level };
        command.SetAction((parsed, cancellationToken) => GatewayClient.AskAsync(options, parsed, async gateway =>
        {
            var path = $"/log/tail?lines={parsed.GetValue(lines)}&follow={(parsed.GetValue(follow) ? "true" : "false")}&level={parsed.GetValue(level)}";
            var isJson = parsed.GetValue(options.Json);
            var console = new PlainConsole();
            await gateway.ReadLinesAsync(
                path,
                line =>
                {
                    if (isJson)
                    {
                        Console.Out.WriteLine(line);
                    }
                    else
                    {
                        console.WriteLines(JsonSerializer.Deserialize<LogLine>(line, AdminJson.Options)!.Text);
                    }
                },
                cancellationToken);
            return ExitCode.Done;
        }));
        return command;
    }
}
