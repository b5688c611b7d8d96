/** What the fictional department is made of. No person, company or domain of it exists. */
const words = (text: string) => text.trim().split(/\s*[,\n]\s*/);

export const firstNames = words(`
  Adèle, Agathe, Aïcha, Alban, Alexandre, Alice, Aline, Alizée, Amandine, Ambre, Amélie, Anaïs, Anatole, Anouk, Antoine,
  Apolline, Arnaud, Arthur, Assia, Aurélie, Axel, Baptiste, Basile, Bérénice, Bilal, Bruno, Camille, Candice, Capucine,
  Cédric, Célestin, Charlotte, Chloé, Clara, Clémence, Clément, Coline, Côme, Damien, David, Diane, Dorian, Édouard,
  Élise, Élodie, Emma, Enzo, Ève, Fanny, Farid, Félix, Fiona, Flavie, Florian, Gabin, Gaëlle, Garance, Gaspard, Guilhem,
  Hadrien, Hanna, Héloïse, Hugo, Ilyès, Inès, Iris, Ismaël, Jade, Jeanne, Joséphine, Jules, Juliette, Kamel, Karim, Kenza,
  Léa, Léon, Léonie, Lila, Lina, Loïc, Lorenzo, Lou, Louise, Lucas, Lucile, Mael, Maëlys, Maïa, Malo, Manon, Margaux,
  Marion, Mathilde, Mattéo, Mehdi, Mélanie, Mila, Naël, Nathan, Nina, Noé, Nolwenn, Océane, Oscar, Paul, Pauline, Pierrick,
  Quentin, Rania, Rémi, Robin, Romane, Rose, Sacha, Salomé, Samir, Sarah, Simon, Solène, Sofia, Théo, Thibault, Timothée,
  Tristan, Valentine, Victor, Violette, Yanis, Yasmine, Zélie, Zoé`);

export const lastNames = words(`
  Abadie, Abribat, Aguirre, Amrani, Arrieu, Aubertin, Bachelier, Barthe, Bayle, Belloc, Benchaïb, Bergès, Bernadet,
  Berthelin, Biscaye, Bonnafous, Bordenave, Bouchereau, Boukhari, Bourdil, Bousquet, Cabanac, Camboulas, Capdeville,
  Carrère, Castagnet, Cazenave, Chabrier, Chauvelin, Clavel, Combes, Coustet, Dabadie, Darrigade, Daubas, Delbos,
  Delcourt, Delmas, Desqueyroux, Diakité, Dubreuilh, Ducassou, Dufaure, Dulac, Dupouy, Durieu, Duvignac, Escande,
  Estève, Etcheverry, Fabarès, Falières, Fauchet, Ferrand-Moulis, Fonteneau, Fourcade, Gaillardet, Garbay, Garrouste, Gauvry,
  Ghezal, Gimenez, Goudenège, Goursaud, Guichané, Guérineau, Haddadi, Hérault, Hourcade, Iribarne, Jaubert, Jouanneau,
  Kermorvan, Labadens, Laborie, Lacassagne, Lafargue, Lagardère-Dost, Lalanne, Lamarque, Larribau, Lasserre, Lassalle,
  Lestrade, Loubère, Maisonnave, Malaurie, Marchive, Marsan, Maubourguet, Mazères, Mérillon, Messaoudi, Mirande,
  Monbazet, Montaudon, Mouliérac, Nadaud, Nogaret, Ouvrard, Palisse, Pargade, Peyrelongue, Pibrac, Pinsolle, Pommiès,
  Pontacq, Prévostat, Puyo, Ragueneau, Ribeyrol, Roumégas, Roussillon, Saint-Marc, Sarrabezolles, Sarthou, Savignac,
  Ségalas, Sempé, Soulignac, Tachouères, Tauzin, Teyssandier, Touzanne, Traoré, Uhart, Vergnolle, Vigneau, Villenave, Ziani`);

/** With the first digits of their postcode and how many of our people live there, roughly. */
export const cities: readonly { city: string; postcode: string; weight: number }[] = [
  { city: "Bordeaux", postcode: "33000", weight: 22 },
  { city: "Pessac", postcode: "33600", weight: 7 },
  { city: "Mérignac", postcode: "33700", weight: 7 },
  { city: "Talence", postcode: "33400", weight: 5 },
  { city: "Bègles", postcode: "33130", weight: 4 },
  { city: "Libourne", postcode: "33500", weight: 3 },
  { city: "Arcachon", postcode: "33120", weight: 2 },
  { city: "Périgueux", postcode: "24000", weight: 3 },
  { city: "Agen", postcode: "47000", weight: 2 },
  { city: "Mont-de-Marsan", postcode: "40000", weight: 2 },
  { city: "Bayonne", postcode: "64100", weight: 3 },
  { city: "Pau", postcode: "64000", weight: 3 },
  { city: "Angoulême", postcode: "16000", weight: 3 },
  { city: "La Rochelle", postcode: "17000", weight: 3 },
  { city: "Toulouse", postcode: "31000", weight: 6 },
  { city: "Nantes", postcode: "44000", weight: 5 },
  { city: "Paris", postcode: "75011", weight: 12 },
  { city: "Lyon", postcode: "69003", weight: 5 },
  { city: "Lille", postcode: "59000", weight: 3 },
];

export const streets = words(`
  rue des Gabariers, rue du Vieux-Chai, allée des Platanes, cours des Arpenteurs, quai des Toiles, rue de la Lunette,
  impasse du Figuier, place des Glycines, rue des Trois-Marches, avenue du Belvédère, rue du Port-aux-Bois,
  chemin des Alouettes, rue de l’Ancienne-Poste, allée du Grand-Pin, rue des Faïenciers, cours du Midi, rue du Jardin-Clos`);

/** Half of a company's name, its sector, and the domain it would have. */
export const companyNames = words(`
  Atelier Mascaret, Agence Pleine Lune, Studio Gabarre, Maison Lanterne, Collectif Papier Nord, Les Ateliers du Môle,
  Agence Trois Points, Studio Belvédère, Imprimerie des Chartreux, Signal Rive Droite, Radio Estuaire, La Fabrique Sonore,
  Pixel et Tanin, Agence Contrechamp, Éditions du Héron, Hop Créations, Agence Verso, Le Comptoir Graphique, Studio Grain,
  Média Dordogne, Océan Numérique, Cap Affluent, Librairie des Deux Rives, Agence Sémaphore, Cinéma Le Phare,
  Studio Tilleul, Bureau Virgule, Agence Écho Sud, Festival Grandes Marées, La Petite Rotative, Web des Landes,
  Agence Cardinale, Studio Nuage Bas, Compagnie du Quai, Musée de la Batellerie, Vignobles Saint-Alix, Domaine du Coq Gris,
  Pinasse Voyages, Garonne Énergie, Aquilon Logistique, Assurances du Littoral, Banque du Ponant, Clinique des Acacias,
  Mutuelle Tournesol, Transports Bergerac-Est, Bois et Dunes, Conserverie Laurière, Chocolats Palombe, Biscuiterie du Cap,
  Tonnellerie Mayrac, Menuiserie Castéra, Pépinières Oriol, Surf et Pins, Cycles Palanque, Opticien Clairvue,
  Architectes Pierre-Levée, Géomètres du Sud, Cabinet Orfèvre, Notariat des Allées, Comptables Réunis du Sud-Ouest,
  Robotique Aérial, Satellites Gascogne, Logiciels Arbousier, Données du Bassin, Sécurité Rempart, Formation Passerelle,
  École du Vent, Centre culturel La Corderie, Ville de Saint-Aubrac, Communauté du Haut-Estuaire, Office de la Côte Claire,
  Département de la Lède, Théâtre du Fronton, Orchestre des Gaves, Scène nationale L’Écluse, Hôtel du Grand Méridien,
  Table des Échoppes, Thermes de Valbelle, Presse du Matin Clair, Télé Confluence`);

export const sectors = words(`
  Agence de communication, Audiovisuel, Édition et presse, Imprimerie, Numérique, Culture, Collectivité, Vin et spiritueux,
  Industrie, Commerce, Services, Tourisme`);

export const jobTitles = words(`
  chargée de communication, chargé de communication, directrice artistique, graphiste, community manager, webmestre,
  cheffe de projet web, chef de projet éditorial, journaliste, monteuse, vidéaste, UX designer, responsable marketing,
  attachée de presse, rédactrice web, médiateur culturel, concepteur-rédacteur, directeur de clientèle, développeuse front-end,
  responsable des relations publiques`);

export const decisionTitles = words(`
  directrice, gérant, directeur de la communication, responsable des ressources humaines, directrice générale, fondateur`);
