using System.Security.Cryptography;
using System.Text;
using SmimeGateway.Smtp.Sasl;

namespace SmimeGateway.Smtp.Tests.Sasl;

public sealed class ScramMechanismTests
{
    [Fact]
    public async Task The_exchange_of_RFC_7677_comes_out_to_the_letter()
    {
        var salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");
        var salted = Rfc2898DeriveBytes.Pbkdf2("pencil", salt, 4096, HashAlgorithmName.SHA256, 32);
        var credentials = new ScramCredentials(
            4096, salt, SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8)), HMACSHA256.HashData(salted, "Server Key"u8));
        var mechanism = new ScramMechanism(new UserLookup(name => new FoundUser(name == "user" ? credentials : null), _ => ValueTask.FromResult(true), new byte[32]), "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");

        (await SayAsync(mechanism, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))
            .ShouldBe("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        (await SayAsync(mechanism, "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
            .ShouldBe("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");

        var last = await mechanism.TakeAsync([]);
        (last.Outcome, last.User).ShouldBe((SaslOutcome.Accepted, "user"));
    }

    [Fact]
    public async Task A_proof_that_fits_a_made_up_user_lets_nobody_in()
    {
        // Even who could guess the key behind made-up credentials is not somebody.
        var users = new UserLookup(_ => default, _ => ValueTask.FromResult(true), new byte[32]);
        var (credentials, isKnown, _) = users.Find("nobody");
        isKnown.ShouldBeFalse();
        credentials.Iterations.ShouldBe(ScramCredentials.DefaultIterations);

        var mechanism = new ScramMechanism(users, "own");
        await SayAsync(mechanism, "n,,n=nobody,r=abc");
        var step = await mechanism.TakeAsync(Encoding.ASCII.GetBytes("c=biws,r=abcown,p=" + Convert.ToBase64String(new byte[32])));

        step.Outcome.ShouldBe(SaslOutcome.Refused);
    }

    private static async Task<string> SayAsync(ScramMechanism mechanism, string message)
    {
        var step = await mechanism.TakeAsync(Encoding.ASCII.GetBytes(message));
        step.Outcome.ShouldBe(SaslOutcome.Challenged);
        return Encoding.ASCII.GetString(step.Challenge.Span);
    }

    [Fact]
    public void What_is_made_up_for_a_name_is_the_same_as_long_as_the_key_is()
    {
        var (one, again, other) = (Invent(1), Invent(1), Invent(2));

        again.Salt.ToArray().ShouldBe(one.Salt.ToArray());
        again.Iterations.ShouldBe(one.Iterations);
        other.Salt.ToArray().ShouldNotBe(one.Salt.ToArray());

        static ScramCredentials Invent(byte key) =>
            new UserLookup(_ => default, _ => ValueTask.FromResult(true), Enumerable.Repeat(key, 32).ToArray()).Find("nobody").Credentials;
    }
}
