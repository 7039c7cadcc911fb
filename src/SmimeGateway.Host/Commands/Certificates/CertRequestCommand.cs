using System.CommandLine;
using SmimeGateway.Certificates.Files;
using SmimeGateway.Certificates.Requesting;

namespace SmimeGateway.Host.Commands.Certificates;

/// <summary><c>cert request</c>: a new key, and the request for a certificate that an authority answers.</summary>
internal static class CertRequestCommand
{
    /// <summary>The folder below the data folder in which keys wait for their certificates.</summary>
    public const string PendingFolder = "pending";

    public static Command Create(SharedOptions options)
    {
        var subject = new Option<string>("--subject") { Description = "Whom the certificate is for, such as \"CN=gateway.example.com, O=Example\".", HelpName = "NAME", Required = true };
        var names = new Option<string[]>("--san")
        {
            Description = "A host name, IP address or mail address that it shall name; may be given several times.",
            HelpName = "NAME",
            AllowMultipleArgumentsPerToken = true,
        };
        var key = new Option<string>("--key")
        {
            Description = $"The kind of key: {string.Join(", ", RequestedKey.Known)}.",
            HelpName = "KIND",
            DefaultValueFactory = _ => "rsa:3072",
        };
        var output = new Option<string>("--out") { Description = "The file for the request.", HelpName = "FILE", Required = true };
        var request = new Command("request", "Make a key and a request for a certificate; the key stays here until \"cert install\".") { subject, names, key, output };
        request.SetAction((parsed, _) => Task.FromResult(Request(
            options, parsed, parsed.GetValue(subject)!, parsed.GetValue(names) ?? [], parsed.GetValue(key)!, parsed.GetValue(output)!)));
        return request;
    }

    private static int Request(SharedOptions options, ParseResult parsed, string subject, IReadOnlyList<string> names, string kind, string output)
    {
        if (LoadedConfiguration.Load(options.PathFrom(parsed)) is not { } gateway)
        {
            return ExitCode.WrongUsage;
        }

        if (!RequestedKey.TryParse(kind, out var key))
        {
            Answer.Complain($"\"{kind}\" is no kind of key: choose one of {string.Join(", ", RequestedKey.Known)}.");
            return ExitCode.WrongUsage;
        }

        var isMade = false;
        try
        {
            // Refused before there is a key: what stands there may be a request whose answer is under way.
            using var file = new FileStream(output, FileMode.CreateNew, FileAccess.Write);
            isMade = true;
            var request = SigningRequest.Create(subject, names, key);
            var pending = new PendingKeys(Path.Combine(gateway.DataFolder, PendingFolder)).Keep(request);
            file.Write(System.Text.Encoding.ASCII.GetBytes(request.Pem));
            file.Flush();
            isMade = false;
            options.AnswerFor(parsed).Give(
                new { Request = Path.GetFullPath(output), Key = pending },
                console =>
                {
                    console.WriteLine($"{output} goes to your authority. The key waits in {pending}.");
                    console.WriteLine("When the certificate comes: smimegateway cert install CERTIFICATE");
                });
            return ExitCode.Done;
        }
        catch (FormatException exception)
        {
            Answer.Complain($"{exception.Message.TrimEnd('.')}.");
            return ExitCode.WrongUsage;
        }
        catch (DirectoryNotFoundException exception) when (!isMade)
        {
            Answer.Complain($"The request was not made: {output}: {FileHindrance.OfMaking(exception, output)}.");
            return ExitCode.No;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Answer.Complain($"The request was not made: {FileHindrance.WithPlace(exception)}.");
            return ExitCode.No;
        }
        finally
        {
            // An empty file would be in the way of the next attempt.
            if (isMade)
            {
                File.Delete(output);
            }
        }
    }
}
