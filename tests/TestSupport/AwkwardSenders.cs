namespace SmimeGateway.TestSupport;

/// <summary>
/// Messages that are protected already, which are kept, and messages that only say so, which are signed like any other. The keys they were
/// made with were thrown away.
/// </summary>
internal static class AwkwardSenders
{
    private const string Armor = "MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n";

    private const string Signed =
        "MIIDbAYJKoZIhvcNAQcCoIIDXTCCA1kCAQExDTALBglghkgBZQMEAgEwQQYJKoZIhvcNAQcBoDQE\n"
        + "MkNvbnRlbnQtVHlwZTogdGV4dC9wbGFpbg0KDQpzaWduZWQgYnkgdGhlIGF1dGhvcg0KoIIBfzCC\n"
        + "AXswggEhoAMCAQICFDEILNi6RCguJM074qgV+LdxZ2SxMAoGCCqGSM49BAMCMBMxETAPBgNVBAMM\n"
        + "CFNvbWVib2R5MB4XDTI2MTEyOTAwNTc0OFoXDTQ2MTEyNDAwNTc0OFowEzERMA8GA1UEAwwIU29t\n"
        + "ZWJvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATwwlb6CAaCKtqV+323bB8OOJY65M9eiWOU\n"
        + "tetmI/PdzfVEV1YL41v5LGW0gYwWBOYMNAjgznWS5faHbiJ2VBpNo1MwUTAdBgNVHQ4EFgQUlZ/5\n"
        + "RMoKFhsMxNgXgjJ7yDOY0ncwHwYDVR0jBBgwFoAUlZ/5RMoKFhsMxNgXgjJ7yDOY0ncwDwYDVR0T\n"
        + "AQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAme/bkjaM7i1+rYMe/+QP19kZ9GsbXEnMhTqJ\n"
        + "LurN29QCID1kDeK9en5qbJY+mnBZ7I20N7EQWbczqz8BV2C4qmB6MYIBfTCCAXkCAQEwKzATMREw\n"
        + "DwYDVQQDDAhTb21lYm9keQIUMQgs2LpEKC4kzTviqBX4t3FnZLEwCwYJYIZIAWUDBAIBoIHkMBgG\n"
        + "CSqGSIb3DQEJAzELBgkqhkiG9w0BBwEwHAYJKoZIhvcNAQkFMQ8XDTI2MTEyOTAwNTc0OFowLwYJ\n"
        + "KoZIhvcNAQkEMSIEIBvr2luNWXl/cvsfr/1d7lJ/iCirKexlYkzleiZ1M8GQMHkGCSqGSIb3DQEJ\n"
        + "DzFsMGowCwYJYIZIAWUDBAEqMAsGCWCGSAFlAwQBFjALBglghkgBZQMEAQIwCgYIKoZIhvcNAwcw\n"
        + "DgYIKoZIhvcNAwICAgCAMA0GCCqGSIb3DQMCAgFAMAcGBSsOAwIHMA0GCCqGSIb3DQMCAgEoMAoG\n"
        + "CCqGSM49BAMCBEcwRQIhAK36jik3TBcFdjXgLpBrTv6UBj1YtCSRhGUGL1xpjzf/AiBg2jSl/dLA\n"
        + "FBpe53kOETyv2XfQJiBYCTHOdH1QpVWLnw==\n";

    private const string Detached =
        "MIIDNwYJKoZIhvcNAQcCoIIDKDCCAyQCAQExDTALBglghkgBZQMEAgEwCwYJKoZIhvcNAQcBoIIB\n"
        + "fzCCAXswggEhoAMCAQICFDEILNi6RCguJM074qgV+LdxZ2SxMAoGCCqGSM49BAMCMBMxETAPBgNV\n"
        + "BAMMCFNvbWVib2R5MB4XDTI2MTEyOTAwNTc0OFoXDTQ2MTEyNDAwNTc0OFowEzERMA8GA1UEAwwI\n"
        + "U29tZWJvZHkwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATwwlb6CAaCKtqV+323bB8OOJY65M9e\n"
        + "iWOUtetmI/PdzfVEV1YL41v5LGW0gYwWBOYMNAjgznWS5faHbiJ2VBpNo1MwUTAdBgNVHQ4EFgQU\n"
        + "lZ/5RMoKFhsMxNgXgjJ7yDOY0ncwHwYDVR0jBBgwFoAUlZ/5RMoKFhsMxNgXgjJ7yDOY0ncwDwYD\n"
        + "VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAme/bkjaM7i1+rYMe/+QP19kZ9GsbXEnM\n"
        + "hTqJLurN29QCID1kDeK9en5qbJY+mnBZ7I20N7EQWbczqz8BV2C4qmB6MYIBfjCCAXoCAQEwKzAT\n"
        + "MREwDwYDVQQDDAhTb21lYm9keQIUMQgs2LpEKC4kzTviqBX4t3FnZLEwCwYJYIZIAWUDBAIBoIHk\n"
        + "MBgGCSqGSIb3DQEJAzELBgkqhkiG9w0BBwEwHAYJKoZIhvcNAQkFMQ8XDTI2MTEyOTAwNTc0OVow\n"
        + "LwYJKoZIhvcNAQkEMSIEIBvr2luNWXl/cvsfr/1d7lJ/iCirKexlYkzleiZ1M8GQMHkGCSqGSIb3\n"
        + "DQEJDzFsMGowCwYJYIZIAWUDBAEqMAsGCWCGSAFlAwQBFjALBglghkgBZQMEAQIwCgYIKoZIhvcN\n"
        + "AwcwDgYIKoZIhvcNAwICAgCAMA0GCCqGSIb3DQMCAgFAMAcGBSsOAwIHMA0GCCqGSIb3DQMCAgEo\n"
        + "MAoGCCqGSM49BAMCBEgwRgIhAP6lsoKRQ5cv0jMp3ZEt1MHRdwlKybYvaQUzKR31L4HdAiEA5Tb6\n"
        + "507siODvHGuZabHlRq02heuEqTqY1bnWBVEsPtI=\n";

    private const string Enveloped =
        "MIIBzwYJKoZIhvcNAQcDoIIBwDCCAbwCAQAxggFHMIIBQwIBADArMBMxETAPBgNVBAMMCFNvbWVi\n"
        + "b2R5AhRhshRgvDvWgMz2zwbuxJ/I8IRI1DANBgkqhkiG9w0BAQEFAASCAQBKb8yYzmtrYPLysMdm\n"
        + "a7kqSqc+8+tw2c9gnCUAmsWazCiC/5rczeK8Too21LgosRN8z7dVyxvn+gZO7rzke6UnlidyUbso\n"
        + "hEN3eqMK2Fp+2kpg0cmolj4tEl75W//T30u83zpgYQqXblvWht+x41HlB99ND/rsgX7Jr9Qp7QhA\n"
        + "PDGAhKLl+X7zV3xasDrn8ZkviPRYrcToxeML4oK6g8zOJW0QXAPHTAy8rQWev8LBVIS22IWM3mr9\n"
        + "el41/LQ/NIlK/+llI0L0KOy0XF/lVqh9v8OQ4m2VP/TtxoklAM7uBNsaNfdf0NdZe1D/sXs3aQw6\n"
        + "ySDNUdHENUS5FkJyMc22MGwGCSqGSIb3DQEHATAdBglghkgBZQMEASoEECsV8y8mgf3B01eXzucR\n"
        + "0AyAQEFtgfCVSKCu1iOGdpgM+y0bOBfZq8hPcU3QzpcsWSDizLX/EUSdoTzW7BawLee3V+9uYkIM\n"
        + "RnUM4DexB5E4V/w=\n";

    private const string PgpMessage =
        "-----BEGIN PGP MESSAGE-----\n\njA0ECQMCSHdRERDqB5j/0j0BCcSWVavig1GUaywzoLZ3Kv4vkFehpBn68TuCXXlq\n1cVx3DFsfCDUOWP6CNbfnZQAQCD4yoQWrarVRF9X\n=Fs7f\n"
        + "-----END PGP MESSAGE-----\n";

    public static IReadOnlyList<AwkwardMessage> All { get; } =
    [
        new("S/MIME clear signed already", ClearSigned("signed by the author\n", Detached), AwkwardOutcome.KeptAsItIs),
        new("S/MIME opaque signed already", Object("application/pkcs7-mime; smime-type=signed-data", Signed), AwkwardOutcome.KeptAsItIs),
        new("S/MIME enveloped already", Object("application/pkcs7-mime; smime-type=enveloped-data", Enveloped), AwkwardOutcome.KeptAsItIs),
        new("S/MIME of the x- kind", Object("application/x-pkcs7-mime", Enveloped), AwkwardOutcome.KeptAsItIs),
        new("PGP encrypted already", PgpEncrypted(PgpMessage), AwkwardOutcome.KeptAsItIs),
        new("S/MIME clear signed by its label", ClearSigned("signed by the author \n", "MIAGCSqGSIb3DQEHAqCAMIACAQE=\n")),
        new("S/MIME clear signed over another text", ClearSigned("signed by nobody\n", Detached)),
        new("S/MIME opaque signed by its label", Object("application/pkcs7-mime; smime-type=signed-data", "MIAGCSqGSIb3DQEHAqCAMIACAQE=\n")),
        new("S/MIME enveloped by its label", Object("application/pkcs7-mime; smime-type=enveloped-data", "MIAGCSqGSIb3DQEHA6CAMIACAQA=\n")),
        new("PGP signed by its label", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256; boundary=s\n",
            "--s\n\nsigned by the author\n--s\nContent-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\nabc=\n-----END PGP SIGNATURE-----\n--s--\n")),
        new("PGP encrypted by its label", PgpEncrypted("-----BEGIN PGP MESSAGE-----\nabc=\n-----END PGP MESSAGE-----\n")),
    ];

    private static byte[] Object(string type, string content) =>
        AwkwardMessages.Compose(Armor + $"Content-Type: {type}; name=smime.p7m\n", content);

    private static byte[] ClearSigned(string text, string signature) => AwkwardMessages.Compose(
        "MIME-Version: 1.0\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=s\n",
        $"--s\nContent-Type: text/plain\n\n{text}\n--s\nContent-Type: application/pkcs7-signature; name=smime.p7s\n"
        + $"Content-Transfer-Encoding: base64\n\n{signature}--s--\n");

    private static byte[] PgpEncrypted(string message) => AwkwardMessages.Compose(
        "MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=e\n",
        $"--e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--e\nContent-Type: application/octet-stream\n\n{message}--e--\n");
}
