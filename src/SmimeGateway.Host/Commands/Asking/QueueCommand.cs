using System.CommandLine;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Files;
using SmimeGateway.Host.Admin;

namespace SmimeGateway.Host.Commands.Asking;

/// <summary><c>queue</c>: what waits in the running gateway, and what is to become of it.</summary>
internal static class QueueCommand
{
    public static Command Create(SharedOptions options)
    {
        var command = new Command("queue", "See what waits in the queue of the running gateway, and decide what becomes of it.") { options.Socket };
        command.Subcommands.Add(CreateList(options));
        command.Subcommands.Add(CreateShow(options));
        command.Subcommands.Add(CreateExport(options));
        command.Subcommands.Add(CreateAction(
            options, QueueAction.Retry, "Try deferred messages now: those named, those that fit, or all of them. Held ones stay held."));
        command.Subcommands.Add(CreateAction(
            options, QueueAction.Hold, "Keep messages in the queue, untried, until they are released; a restart does not change that."));
        command.Subcommands.Add(CreateAction(
            options, QueueAction.Release, "Let held messages go on."));
        command.Subcommands.Add(CreateAction(
            options, QueueAction.Remove, "Remove messages for good. Nobody gets a report, and the log keeps who removed which."));
        return command;
    }

    private static Command CreateList(SharedOptions options)
    {
        var filters = new QueueFilterOptions();
        var limit = new Option<int>("--limit") { Description = "How many messages at most, up to 10000.", HelpName = "N", DefaultValueFactory = _ => 100 };
        var command = new Command("list", "List the messages that wait, the oldest first: every recipient with the reason and the time of the next try.") { limit };
        filters.AddTo(command);
        command.SetAction((parsed, cancellationToken) => GatewayClient.AskAsync(options, parsed, async gateway =>
        {
            var selection = filters.Read(parsed);
            var list = await gateway.GetAsync<QueueList>("/queue?" + QueueQuery.Write(selection, parsed.GetValue(limit)), cancellationToken);
            options.AnswerFor(parsed).Give(list, console => QueueText.Write(console, list, selection.IsEverything));

            // An empty queue is good news; a filter that fits nothing found nothing.
            return list.Messages.Count > 0 || selection.IsEverything ? ExitCode.Done : ExitCode.No;
        }));
        return command;
    }

    private static Command CreateShow(SharedOptions options)
    {
        var id = new Argument<string>("ID") { Description = "The queue id, as the client heard it and the log has it." };
        var command = new Command("show", "Show one message: its envelope, what each recipient's last attempt came to, and its header; never its body.") { id };
        command.SetAction((parsed, cancellationToken) => GatewayClient.AskAsync(options, parsed, async gateway =>
        {
            var shown = await gateway.GetAsync<ShownMessage>("/queue/" + Uri.EscapeDataString(parsed.GetValue(id)!), cancellationToken);
            options.AnswerFor(parsed).Give(shown, console => QueueText.Write(console, shown));
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command CreateExport(SharedOptions options)
    {
        var id = new Argument<string>("ID") { Description = "The queue id." };
        var file = new Argument<FileInfo>("FILE") { Description = "Where to write it." };
        var command = new Command(
            "export", "Write a message that waits for a certificate to a file, sealed as it is: openssl opens it with the gateway's key for held mail.") { id, file };
        command.SetAction((parsed, cancellationToken) => GatewayClient.AskAsync(options, parsed, async gateway =>
        {
            var content = await gateway.GetOctetsAsync($"/queue/{Uri.EscapeDataString(parsed.GetValue(id)!)}/sealed", cancellationToken);
            try
            {
                DurableFile.ReplaceSecret(parsed.GetValue(file)!.FullName, content);
                return ExitCode.Done;
            }
            catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException)
            {
                Answer.Complain($"{parsed.GetValue(file)!.FullName} cannot be written: {FileHindrance.OfMaking(trouble, parsed.GetValue(file)!.FullName)}.");
                return ExitCode.WrongUsage;
            }
        }));
        return command;
    }

    private static Command CreateAction(SharedOptions options, QueueAction action, string description)
    {
        var filters = new QueueFilterOptions();
        var ids = new Argument<string[]>("ID") { Description = "Queue ids.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "Every message in the queue." };
        var name = action.ToString().ToLowerInvariant();
        var command = new Command(name, description) { ids, all };
        filters.AddTo(command);
        command.SetAction((parsed, cancellationToken) => GatewayClient.AskAsync(options, parsed, async gateway =>
        {
            var selection = filters.Read(parsed) with { Ids = parsed.GetValue(ids) ?? [], All = parsed.GetValue(all) };
            var result = await gateway.PostAsync<QueueActionResult>("/queue/" + name, selection, cancellationToken);
            options.AnswerFor(parsed).Give(result, console => Write(console, action, result));
            return result.Ids.Count > 0 && result.Untouched.Count == 0 ? ExitCode.Done : ExitCode.No;
        }));
        return command;
    }

    private static void Write(PlainConsole console, QueueAction action, QueueActionResult result)
    {
        foreach (var id in result.Ids)
        {
            console.WriteLine(id);
        }

        foreach (var message in result.Untouched)
        {
            console.WriteLine($"{message.Id} {message.Reason}");
        }

        var count = result.Ids.Count == 1 ? "1 message" : $"{result.Ids.Count} messages";
        console.WriteLine(count + action switch
        {
            QueueAction.Retry => " due now.",
            QueueAction.Hold => " held.",
            QueueAction.Release => " released.",
            QueueAction.Remove => " removed.",
        });
        foreach (var sentence in result.Resting)
        {
            console.WriteLine(sentence);
        }
    }
}
