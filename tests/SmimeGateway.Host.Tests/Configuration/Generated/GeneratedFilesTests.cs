using SmimeGateway.Host.Configuration.Binding;
using SmimeGateway.Host.Configuration.Reading;

namespace SmimeGateway.Host.Tests.Configuration.Generated;

/// <summary>To write the files anew after a change of the option types, run these tests with SMIMEGATEWAY_UPDATE_GENERATED=1.</summary>
public sealed class GeneratedFilesTests
{
    public static TheoryData<string> Records => [.. OptionPlaces.All.Select(option => option.Type.FullName!)];

    [Fact]
    public void The_schema_is_what_the_option_types_say() =>
        GeneratedFile.ShouldHold("config/smimegateway.schema.json", SchemaWriter.Write());

    [Fact]
    public void The_reference_of_all_keys_is_what_the_option_types_say() =>
        GeneratedFile.ShouldHold("docs/configuration.md", KeyReference.Write());

    [Theory]
    [MemberData(nameof(Records))]
    public void The_example_of_an_object_is_valid_and_shows_every_key(string record)
    {
        var type = typeof(GatewayOptions).Assembly.GetType(record)!;
        var example = XmlComments.Example(type);

        foreach (var key in OptionShape.Of(type).Keys)
        {
            example.ShouldContain($"\"{key.Name}\":");
        }

        foreach (var single in example.Split("\n{").Select((part, index) => index == 0 ? part : "{" + part))
        {
            ShouldBind(type, single);
        }
    }

    private static void ShouldBind(Type type, string json)
    {
        var text = new SourceText(System.Text.Encoding.UTF8.GetBytes(json));
        var complaints = new Complaints("example", text);
        var node = new ConfigurationReader(text, complaints).Read();

        new OptionBinder(complaints, new PathStart("/etc", "/var")).Bind(type, node);

        complaints.Errors.ShouldBeEmpty();
    }
}
