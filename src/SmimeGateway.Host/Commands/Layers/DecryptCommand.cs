using System.CommandLine;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Mime;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary><c>decrypt</c>: takes the layers off a message in a file with own keys, and writes what they protect.</summary>
internal static class DecryptCommand
{
    public static Command Create(SharedOptions options)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The message, as .eml." };
        var output = new Option<FileInfo?>("--out") { Description = "Write the message without its layers here; without it, to standard output.", HelpName = "FILE" };
        var command = new Command("decrypt", "Decrypt a message with own keys, and write what is in it.") { file, output };
        command.SetAction((parsed, cancellationToken) => OpenedFile.UseAsync(
            options.PathFrom(parsed),
            parsed.GetValue(file)!,
            (message, shown) => Decrypt(options, parsed, message, shown, parsed.GetValue(output)),
            cancellationToken));
        return command;
    }

    private static int Decrypt(SharedOptions options, ParseResult parsed, byte[] message, LayeredMessage shown, FileInfo? output)
    {
        var fault = shown.Fault?.TrimEnd('.') ?? (shown.Layers.Any(layer => layer.IsEncrypted) ? null : "the message is not encrypted");
        if (fault is not null || shown.Entity is not { } content || !Entity.TryParse(message, MimeLimits.Standard, out var outside, out _))
        {
            foreach (var line in LayerText.Lines(shown))
            {
                Answer.Complain(line);
            }

            Answer.Complain($"Nothing was decrypted: {fault ?? "the message cannot be read"}.");
            return ExitCode.No;
        }

        var inner = InnerMessage.Compose(outside, content);
        if (output is null && !parsed.GetValue(options.Json))
        {
            // Exactly the octets, so that it can be piped into another program.
            using var standard = Console.OpenStandardOutput();
            standard.Write(inner);
            return ExitCode.Done;
        }

        try
        {
            if (output is not null)
            {
                Write(output.FullName, inner);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"{output!.FullName} cannot be written: {FileHindrance.OfMaking(exception, output!.FullName)}.");
            return ExitCode.WrongUsage;
        }

        options.AnswerFor(parsed).Give(
            new { File = output?.FullName, Octets = inner.Length, shown.Layers, shown.ProtectedHeader, shown.Content },
            console =>
            {
                foreach (var line in LayerText.Lines(shown))
                {
                    console.WriteLine(line);
                }

                console.WriteLine($"{inner.Length} octets written to {output!.FullName}.");
            });
        return ExitCode.Done;
    }

    // Somebody encrypted this, so it is for the eyes of whoever decrypts it alone.
    private static void Write(string path, byte[] content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
    }
}
