using System.CommandLine;
using SmimeGateway.Host.Admin;
using SmimeGateway.Queueing;

namespace SmimeGateway.Host.Commands.Asking;

/// <summary>The options that say which messages of the queue are meant. All that are given must fit.</summary>
internal sealed class QueueFilterOptions
{
    private readonly Option<string?> _sender = new("--sender")
    {
        Description = "Only messages of this sender; * and ? stand for other characters, <> is the empty sender of reports.",
        HelpName = "PATTERN",
    };

    private readonly Option<string?> _recipient = new("--recipient")
    {
        Description = "Only messages to such a recipient, if it is still to be served.",
        HelpName = "PATTERN",
    };

    private readonly Option<string?> _nextHop = new("--next-hop")
    {
        Description = "Only messages with a recipient whose route leads there, as the list shows it: host:port, or a folder.",
        HelpName = "PATTERN",
    };

    private readonly Option<string?> _olderThan = new("--older-than")
    {
        Description = "Only messages accepted longer ago than this, such as 30m, 1h or 2d.",
        HelpName = "DURATION",
    };

    private readonly Option<string?> _state = new("--state") { Description = "Only messages in this state.", HelpName = "STATE" };

    public QueueFilterOptions() => _state.AcceptOnlyFromAmong([.. Enum.GetNames<QueueState>().Select(name => name.ToLowerInvariant())]);

    public void AddTo(Command command)
    {
        command.Options.Add(_sender);
        command.Options.Add(_recipient);
        command.Options.Add(_nextHop);
        command.Options.Add(_olderThan);
        command.Options.Add(_state);
    }

    public QueueSelection Read(ParseResult parsed) => new()
    {
        Sender = parsed.GetValue(_sender),
        Recipient = parsed.GetValue(_recipient),
        NextHop = parsed.GetValue(_nextHop),
        OlderThan = parsed.GetValue(_olderThan),
        State = parsed.GetValue(_state),
    };
}
