using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;

namespace SmimeGateway.Certificates.Finding;

/// <summary>
/// Reads PKCS #12 files (RFC 7292) with any number of certificates and keys. The password is proved by the file's own check, then the
/// certificates are read, and the keys wait for their first use. The framework's own loader opens every key at once, in a row, and refuses
/// the whole file for the sake of one key it does not know.
/// </summary>
internal static class Pkcs12Reader
{
    private const string Rewrite =
        "Rewrite it with: openssl pkcs12 -legacy -in OLD -nodes | openssl pkcs12 -export -out NEW";

    /// <summary>Reads a file; whatever is wrong with it becomes a problem that names a remedy.</summary>
    public static FileReading Read(string source, string path, ReadOnlyMemory<byte> file, string? password)
    {
        FileReading Refuse(string reason, string remedy) => FileReading.Failed(new SourceProblem(source, path, reason, remedy));

        if (!Pkcs12Cost.IsAffordable(file, out var reason))
        {
            return Refuse(reason, Rewrite);
        }

        var bags = new Pkcs12Bags();
        try
        {
            var content = Pkcs12Info.Decode(file, out _, skipCopy: true);
            if (!TryProve(content, ref password, out reason))
            {
                return Refuse(reason, "Check the password that is configured for the file");
            }

            foreach (var part in content.AuthenticatedSafe)
            {
                if (!TryOpen(part, ref password, out reason))
                {
                    return Refuse(reason, Rewrite);
                }

                bags.Add(part);
            }
        }
        catch (CryptographicException)
        {
            return Refuse("it is damaged, or protected in a way that is not supported", Rewrite);
        }

        return Pkcs12Match.Pair(source, path, bags, password);
    }

    private static bool TryProve(Pkcs12Info content, ref string? password, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        switch (content.IntegrityMode)
        {
            case Pkcs12IntegrityMode.None:
                return true;
            case Pkcs12IntegrityMode.Password when content.VerifyMac(password):
                return true;
            case Pkcs12IntegrityMode.Password when string.IsNullOrEmpty(password):
                // No password is written in two ways, and programs disagree about which.
                password = password is null ? "" : null;
                reason = content.VerifyMac(password) ? null : "it needs a password";
                return reason is null;
            case Pkcs12IntegrityMode.Password:
                reason = "the password is wrong";
                return false;
            default:
                reason = "it is protected by a public key, which is not supported";
                return false;
        }
    }

    private static bool TryOpen(Pkcs12SafeContents part, ref string? password, [NotNullWhen(false)] out string? reason)
    {
        reason = null;
        switch (part.ConfidentialityMode)
        {
            case Pkcs12ConfidentialityMode.None:
                return true;
            case Pkcs12ConfidentialityMode.Password:
                try
                {
                    part.Decrypt(password);
                    return true;
                }
                catch (CryptographicException)
                {
                    reason = "it cannot be opened with the given password, or its encryption is not supported";
                    return false;
                }

            default:
                reason = "it is encrypted to a public key, which is not supported";
                return false;
        }
    }
}
