using SmimeGateway.Host.Commands.Certificates;
using SmimeGateway.Locating;
using SmimeGateway.Opening;

namespace SmimeGateway.Host.Commands.Layers;

/// <summary>Takes a message in a file apart with the keys of the configuration.</summary>
internal static class OpenedFile
{
    /// <summary>Opens the file and has a command look at what is in it.</summary>
    public static Task<int> UseAsync(
        string configuration, FileInfo file, Func<byte[], LayeredMessage, int> look, CancellationToken cancellationToken) =>
        OpenedCertificates.UseAsync(configuration, async opened =>
        {
            if (!MessageFile.TryRead(file, out var message))
            {
                return ExitCode.WrongUsage;
            }

            // An administrator who has the key may read old mail too; the gateway itself would not.
            var signers = KnownSigners.In(opened.Own, opened.Partners);
            var opener = new Opener(TrustAnchors.Load(opened.Gateway.Certificates, opened.Own), opened.Own.Certificates, signers) { AllowsWeakCiphers = true };
            var known = await KnownCertificates.FindAsync(opened.Gateway, opened.Partners, KnownCertificates.AddressesIn(message), cancellationToken);
            return look(message, LayeredMessage.Read(message, opener, known, TimeProvider.System.GetUtcNow()));
        });
}
