using System.CommandLine;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Host.Configuration.Checking;
using SmimeGateway.Queueing;

namespace SmimeGateway.Host.Commands;

/// <summary><c>run</c>: the gateway, in the foreground, until SIGTERM or Ctrl-C.</summary>
internal static class RunCommand
{
    public static Command Create(SharedOptions options)
    {
        var command = new Command("run", "Run the gateway in the foreground. SIGTERM drains and ends it, SIGHUP reads the configuration again.");
        command.SetAction((parsed, cancellationToken) => InvokeAsync(options.PathFrom(parsed), cancellationToken));
        return command;
    }

    /// <summary>Runs until stopped.</summary>
    public static async Task<int> InvokeAsync(string configurationPath, CancellationToken cancellationToken)
    {
        var loaded = LoadedConfiguration.LoadWithDocument(configurationPath);
        if (loaded.Options is null)
        {
            return ExitCode.WrongUsage;
        }

        // The queue would start without a segment to write to, and refuse all mail.
        if (FoldersCheck.FindQueueHindrance(loaded.Options) is { } hindrance)
        {
            return Refuse(hindrance);
        }

        try
        {
            await GatewayHost.RunAsync(configurationPath, loaded, cancellationToken);
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is QueueUnavailableException or IOException or UnauthorizedAccessException)
        {
            // Where a folder is at fault, it and the remedy are told, and not which of the files in it was the first to fail.
            return Refuse(FoldersCheck.FindHindrance(loaded.Options) ?? (exception is QueueUnavailableException ? exception.Message : FileHindrance.WithPlace(exception)));
        }
    }

    private static int Refuse(string cause)
    {
        Answer.Complain($"error: the gateway cannot start: {cause.TrimEnd('.')}.");
        return ExitCode.WrongUsage;
    }
}
