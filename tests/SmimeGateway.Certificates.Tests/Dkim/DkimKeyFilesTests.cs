using SmimeGateway.Certificates.Dkim;
using SmimeGateway.TestSupport;

namespace SmimeGateway.Certificates.Tests.Dkim;

public sealed class DkimKeyFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_key_that_is_exchanged_is_used_and_one_that_is_broken_leaves_the_former_in_use()
    {
        var file = Write(DkimKeyText.Generate(null));
        await using var keys = new DkimKeyFiles([file], TimeProvider.System);
        var first = keys.Find(file).Key!;
        keys.Find(file).Problem.ShouldBeNull();

        Write(DkimKeyText.Generate(1024));
        keys.LookNow();
        var second = keys.Find(file).Key!;
        (first.Kind, second.Kind).ShouldBe(("ed25519", "rsa"));

        Write("-----BEGIN PRIVATE KEY-----\nhalf");
        keys.LookNow();
        keys.Find(file).Key.ShouldBe(second);
        keys.Find(file).Problem!.ShouldContain("not whole");

        Write(DkimKeyText.Generate(null));
        keys.LookNow();
        keys.Find(file).Problem.ShouldBeNull();
        keys.Find(file).Key!.Kind.ShouldBe("ed25519");
    }

    [Fact]
    public async Task A_key_whose_file_is_deleted_is_gone_and_one_that_was_never_read_is_not_there()
    {
        var file = Write("nonsense");
        await using var keys = new DkimKeyFiles([file, new DkimKeyPlace(_folder.Path, null), new DkimKeyPlace(_folder.Path + "/absent/key", null)], TimeProvider.System);
        keys.Find(file).ShouldBe(new DkimKeyFound(null, "there is no private key in it"));
        keys.Find(new DkimKeyPlace(_folder.Path, null)).Problem.ShouldBe("a folder stands where the file should be");
        keys.Find(new DkimKeyPlace(_folder.Path + "/absent/key", null)).Problem.ShouldBe("the file does not exist");

        Write(DkimKeyText.Generate(null));
        keys.LookNow();
        keys.Find(file).Key.ShouldNotBeNull();

        File.Delete(file.File!);
        keys.LookNow();
        keys.Find(file).ShouldBe(new DkimKeyFound(null, "the file does not exist"));
    }

    [Fact]
    public async Task A_key_that_was_read_stays_known_to_the_next_configuration_while_its_file_is_broken()
    {
        var (file, other) = (Write(DkimKeyText.Generate(null)), new DkimKeyPlace(_folder.Path + "/other.pem", null));
        await using var keys = new DkimKeyFiles([file], TimeProvider.System);
        Write("");

        await using var next = new DkimKeyFiles([file, other], TimeProvider.System, keys);

        next.Find(file).Key.ShouldBe(keys.Find(file).Key);
        next.Find(file).Problem.ShouldBe("there is nothing in it");
        next.Find(other).Key.ShouldBeNull();
    }

    [Fact]
    public async Task A_key_may_stand_in_a_variable()
    {
        var name = $"DKIM_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, DkimKeyText.Generate(null));
        var (there, absent) = (new DkimKeyPlace(null, name), new DkimKeyPlace(null, name + "X"));

        await using var keys = new DkimKeyFiles([there, absent], TimeProvider.System);

        keys.Find(there).Key.ShouldNotBeNull();
        keys.Find(absent).ShouldBe(new DkimKeyFound(null, "there is nothing in it"));
    }

    private DkimKeyPlace Write(string text)
    {
        var path = Path.Combine(_folder.Path, "s1.pem");
        File.WriteAllText(path, text);
        return new DkimKeyPlace(path, null);
    }
}
