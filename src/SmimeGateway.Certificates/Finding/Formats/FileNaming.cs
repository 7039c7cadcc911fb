namespace SmimeGateway.Certificates.Finding.Formats;

/// <summary>How the configuration comes to a file of certificates, and thereby what puts it right.</summary>
public enum FileNaming
{
    /// <summary>A source of certificates names it, with the kind of the file.</summary>
    Source,

    /// <summary>A route names it, with the kind of the file.</summary>
    Route,

    /// <summary>A listener names it; its name tells the kind.</summary>
    Listener,

    /// <summary>A source names the folder it lies in; its name tells the kind, and files beside it hold what belongs to it.</summary>
    Folder,

    /// <summary>The same with the certificates of partners, whose keys are no concern of the gateway's.</summary>
    PartnerFolder,

    /// <summary>The gateway made it, and never with a password.</summary>
    Kept,
}

/// <summary>What puts a file right, in the words of the place that names it.</summary>
internal static class FileRemedies
{
    private const string WithoutKey = "or ask for the certificate alone, without the private key";

    /// <summary>It is protected, and no password is known.</summary>
    public static string NamePassword(this FileNaming naming, string path) => naming switch
    {
        FileNaming.Folder => $"Write it into {BesideOf(path)} beside it",
        FileNaming.PartnerFolder => $"Put its password into {BesideOf(path)} beside it, {WithoutKey}",
        FileNaming.Kept => "Take the password away with: openssl pkcs8 -in OLD -out NEW",
        FileNaming.Source or FileNaming.Route or FileNaming.Listener => "Name it: \"password\": { \"file\": \"FILE\" }",
    };

    /// <summary>It is protected, and with another password.</summary>
    public static string CheckPassword(this FileNaming naming, string path) => naming switch
    {
        FileNaming.Folder => $"Correct the password in {BesideOf(path)} beside it, or that of the folder",
        FileNaming.PartnerFolder => $"Correct the password in {BesideOf(path)} beside it, {WithoutKey}",
        FileNaming.Kept => NamePassword(naming, path),
        FileNaming.Source or FileNaming.Route or FileNaming.Listener => "Check the password that is configured for the file",
    };

    /// <summary>It is PEM, and was taken for PKCS #12.</summary>
    public static string TakeForPem(this FileNaming naming) =>
        NamesKind(naming) ? "Name it with \"pem\" in the place of \"pkcs12\"" : "Let its name end in .pem";

    /// <summary>It is binary, and was taken for PEM.</summary>
    public static string TakeForPkcs12(this FileNaming naming) =>
        (NamesKind(naming) ? "A PKCS #12 file is named with \"pkcs12\" in the place of \"pem\"" : "Let the name of a PKCS #12 file end in .pfx or .p12")
        + "; a certificate becomes PEM with: openssl x509 -inform der -in OLD -out NEW";

    /// <summary>A folder stands in its place.</summary>
    public static string NameFile(this FileNaming naming) =>
        naming == FileNaming.Source ? "Name the file itself, or name the folder with \"folder\"" : "Name the file itself";

    private static bool NamesKind(FileNaming naming) => naming is FileNaming.Source or FileNaming.Route;

    private static string BesideOf(string path) => Path.GetFileNameWithoutExtension(path) + ".password";
}
