using System.CommandLine;
using SmimeGateway.Host.Commands.Layers;
using Spectre.Console;

namespace SmimeGateway.Host.Commands;

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
        var signed = message.Layers.Where(layer => layer.IsSigned).ToList();

        // What is encrypted for others hides whether it is signed inside; signatures around it can be judged all the same.
        var isRestForOthers = signed.Count > 0 && message.Layers[^1].IsForOthers;
        var fault = isRestForOthers ? null
            : message.Fault?.TrimEnd('.') ?? (signed.Count == 0 ? "the message is not signed" : null);
        var isGood = fault is null && signed.TrueForAll(layer => layer.Signers.Count > 0 && layer.Signers.All(signer => signer.IsGood));
        options.AnswerFor(parsed).Give(
            new { IsGood = isGood, Fault = fault, message.Layers, message.ProtectedHeader, message.Content },
            console =>
            {
                foreach (var line in LayerText.Lines(message))
                {
                    console.WriteLine(line);
                }

                console.WriteLine(isGood ? $"Verification successful{(isRestForOthers ? ", as far as the message can be read here" : string.Empty)}." : fault is null ? "Verification failed." : $"Verification failed: {fault}.");
            });
        return isGood ? ExitCode.Done : ExitCode.No;
    }
}
