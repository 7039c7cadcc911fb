using System.CommandLine;
using SmimeGateway.Accepting;

namespace SmimeGateway.Host.Commands.Users;

/// <summary>Which file of users a command works on: the one named, or the one of a listener.</summary>
internal sealed class UserFileChoice
{
    private readonly Option<string?> _users = new("--users") { Description = "The file, for working without a configuration.", HelpName = "FILE" };

    private readonly Option<string?> _listener = new("--listener") { Description = "The listener, where several have users.", HelpName = "NAME" };

    public void AddTo(Command command)
    {
        command.Options.Add(_users);
        command.Options.Add(_listener);
    }

    /// <summary>The path of the file, or null after a complaint.</summary>
    public string? Find(ParseResult parsed, string configurationPath)
    {
        if (parsed.GetValue(_users) is { } named)
        {
            return Path.GetFullPath(named);
        }

        if (LoadedConfiguration.Load(configurationPath) is not { } gateway)
        {
            return null;
        }

        var wanted = parsed.GetValue(_listener);
        if (wanted is not null && !gateway.Listeners.Any(listener => listener.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase)))
        {
            Answer.Complain($"There is no listener \"{wanted}\".");
            return null;
        }

        var listeners = gateway.Listeners
            .Where(listener => wanted is null
                ? listener.Authentication.Mode != ListenerAuthenticationMode.Off
                : listener.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))
            .ToList();
        var files = listeners.Select(listener => listener.Authentication.Users).Distinct(StringComparer.Ordinal).ToList();
        switch (files.Count)
        {
            case 0:
                Answer.Complain("No listener has users: write \"authentication\": { \"mode\": \"offered\" } into one, or name the file with --users.");
                return null;
            case 1:
                return files[0];
            default:
                Answer.Complain($"Several listeners have users of their own: choose one of {string.Join(", ", listeners.Select(listener => listener.Name))} with --listener.");
                return null;
        }
    }
}
