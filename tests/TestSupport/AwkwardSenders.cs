namespace SmimeGateway.TestSupport;

/// <summary>Messages that are protected already: they are recognised and kept.</summary>
internal static class AwkwardSenders
{
    private const string Armor = "MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n";

    public static IReadOnlyList<AwkwardMessage> All { get; } =
    [
        new("S/MIME clear signed already", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=s\n",
            "--s\nContent-Type: text/plain\n\nsigned by the author \n--s\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHAqCAMIACAQE=\n--s--\nepilogue stays\n"),
            AwkwardOutcome.KeptAsItIs),
        new("S/MIME opaque signed already", AwkwardMessages.Compose(
            Armor + "Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\n", "MIAGCSqGSIb3DQEHAqCAMIACAQE=\n"),
            AwkwardOutcome.KeptAsItIs),
        new("S/MIME enveloped already", AwkwardMessages.Compose(
            Armor + "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n", "MIAGCSqGSIb3DQEHA6CAMIACAQA=\n"),
            AwkwardOutcome.KeptAsItIs),
        new("S/MIME of the x- kind", AwkwardMessages.Compose(
            Armor + "Content-Type: application/x-pkcs7-mime; name=smime.p7m\n", "MIAGCSqGSIb3DQEHA6CAMIACAQA=\n"),
            AwkwardOutcome.KeptAsItIs),
        new("PGP signed already", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256; boundary=s\n",
            "--s\n\nsigned by the author\n--s\nContent-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----\nabc=\n-----END PGP SIGNATURE-----\n--s--\n"),
            AwkwardOutcome.KeptAsItIs),
        new("PGP encrypted already", AwkwardMessages.Compose(
            "MIME-Version: 1.0\nContent-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=e\n",
            "--e\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--e\nContent-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\nabc=\n-----END PGP MESSAGE-----\n--e--\n"),
            AwkwardOutcome.KeptAsItIs),
    ];
}
