using System.CommandLine;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary><c>verify</c>: what the gateway thinks of a message in a file, layer by layer; encrypted layers are opened with own keys.</summary>
internal static class VerifyCommand
{
    public static Command Create(SharedOptions options)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The message, as .eml." };
        var command = new Command("verify", "Show the layers of a message, and verify its signatures.") { file };
        command.SetAction((parsed, cancellationToken) => OpenedFile.UseAsync(
            options.PathFrom(parsed), parsed.GetValue(file)!, (_, message) => Verify(options, parsed, message), cancellationToken));
        return command;
    }

    private static int Verify(SharedOptions options, ParseResult parsed, LayeredMessage message)
    {
        var isGood = message.Doubts.Count == 0;
        options.AnswerFor(parsed).Give(
            new { IsGood = isGood, Reasons = message.Doubts, message.Fault, message.Layers, message.ProtectedHeader, message.Content },
            console =>
            {
                foreach (var line in LayerText.Lines(message))
                {
                    console.WriteLine(line);
                }

                console.WriteLine(isGood ? "Verification successful." : $"Verification failed: {string.Join("; ", message.Doubts)}.");
            });
        return isGood ? ExitCode.Done : ExitCode.No;
    }
}
